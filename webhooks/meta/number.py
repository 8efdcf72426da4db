"""The telephone number that customers see of us, as Meta knows it."""

import httpx

from webhooks.meta.client import graph
from webhooks.settings import Settings


class NumberUnknown(Exception):
    """Meta did not say which number ours is."""


async def own_number(settings: Settings) -> str:
    """Country and number, digits alone; NumberUnknown."""
    if not settings.whatsapp_phone_number_id:
        raise NumberUnknown("WHATSAPP_PHONE_NUMBER_ID: is not set, so our number is not known")
    try:
        async with graph(settings) as http:
            answer = await http.get(settings.whatsapp_phone_number_id, params={"fields": "display_phone_number"})
            shown = str(answer.raise_for_status().json()["display_phone_number"])
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as wrong:
        raise NumberUnknown(f"WhatsApp did not say which number is ours ({type(wrong).__name__})") from None
    digits = "".join(letter for letter in shown if letter.isdigit())
    if not digits:
        raise NumberUnknown("WhatsApp did not say which number is ours")
    return digits
