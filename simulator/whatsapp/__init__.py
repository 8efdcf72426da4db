"""The WhatsApp side of the outside world: Graph API, signed webhooks, customers with phones."""
