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


def tapped(
    wamid: str,
    tap: str,
    *,
    by: Json,
    at: int,
    quotes: str = "",
    form: str = "button_reply",
    title: str = "x",
) -> tuple[Json, Json]:
    """The contact and the message of somebody who taps a button with that id, as WhatsApp writes it: of a message with
    buttons, of a list (`list_reply`) or of a template (`button`)."""
    contact: Json = {"profile": {"name": by["name"]}, "user_id": by["user_id"]}
    sent: Json = {"id": wamid, "timestamp": str(at), "from_user_id": by["user_id"]}
    if by["wa_id"]:
        contact["wa_id"] = sent["from"] = by["wa_id"]
    if quotes:
        sent["context"] = {"from": "628110000001", "id": quotes}
    if form == "button":
        return contact, sent | {"type": "button", "button": {"payload": tap, "text": title}}
    reply = {"id": tap, "title": title} | ({"description": "y"} if form == "list_reply" else {})
    return contact, sent | {"type": "interactive", "interactive": {"type": form, form: reply}}


def taps(number: str, *made: tuple[Json, Json]) -> Json:
    """One webhook with these taps, in their order."""
    return envelope(number, contacts=[one for one, _ in made], messages=[one for _, one in made])
