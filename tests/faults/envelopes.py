"""WhatsApp webhooks made by hand, for what the simulated phone would never send."""

from typing import Any

Json = dict[str, Any]


def envelope(number: str, *, messages: Any = None, contacts: Any = None, field: str = "messages") -> Json:
    """An envelope around these messages, for our number or another."""
    value: Json = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "628110000001", "phone_number_id": number},
    }
    if contacts is not None:
        value["contacts"] = contacts
    if messages is not None:
        value["messages"] = messages
    change = {"field": field, "value": value}
    return {"object": "whatsapp_business_account", "entry": [{"id": "102290129340398", "changes": [change]}]}


def text_message(
    number: str,
    wamid: str,
    text: str,
    *,
    wa_id: str | None = None,
    user_id: str | None = None,
    timestamp: int = 1795000000,
) -> Json:
    """An envelope with one text of a sender known by one address, both or none."""
    sent: Json = {"id": wamid, "timestamp": str(timestamp), "type": "text", "text": {"body": text}}
    contact: Json = {"profile": {"name": "Dewi"}}
    if wa_id:
        sent["from"] = contact["wa_id"] = wa_id
    if user_id:
        sent["from_user_id"] = contact["user_id"] = user_id
    return envelope(number, messages=[sent], contacts=[contact])
