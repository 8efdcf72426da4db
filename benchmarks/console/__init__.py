"""How long the inbox takes with many leads: list, search and conversation, through the API."""
