"""Values as the control door shows them."""

from dataclasses import asdict
from typing import Any

from simulator.feed import Record
from simulator.whatsapp import window
from simulator.whatsapp.values import Bubble, Choice, Content, Said
from simulator.whatsapp.world import Thread, World

Json = dict[str, Any]


def customer(world: World, thread: Thread) -> Json:
    """A customer, with what the business can see of it now."""
    now = world.clock.now()
    return {
        **asdict(thread.customer),
        "phone_visible": thread.shows_phone(now),
        "window_open": window.is_open(thread.last_heard_at, now),
        "typing": thread.typing_until is not None and now < thread.typing_until,
        "takes_marketing": thread.takes_marketing,
        "marks": thread.marks,
    }


def bubble(shown: Bubble) -> Json:
    """A bubble as the customer sees it."""
    return {
        "seq": shown.seq,
        "id": shown.id,
        "effect_id": shown.effect_id or None,
        "tick": shown.tick.value,
        "received_at": shown.received_at.isoformat(),
        "monotonic": shown.monotonic,
        "quotes": shown.quotes or None,
        "addressed_by": "phone" if shown.by_phone else "user_id",
        **content(shown.content),
    }


def content(shown: Content) -> Json:
    """What is in a bubble."""
    return {
        "kind": shown.kind.value,
        "text": shown.text,
        "header": shown.header,
        "footer": shown.footer,
        "button": shown.button,
        "choices": [choice(item) for item in shown.choices],
        "media": asdict(shown.media) if shown.media else None,
        "place": asdict(shown.place) if shown.place else None,
        "flow": asdict(shown.flow) if shown.flow else None,
        "template": asdict(shown.template) if shown.template else None,
        "reacts_to": shown.reacts_to or None,
    }


def choice(item: Choice) -> Json:
    """Something to tap."""
    return {**asdict(item), "kind": item.kind.value}


def said(message: Said) -> Json:
    """A message of the customer's, blue-ticked or not."""
    return {**asdict(message), "said_at": message.said_at.isoformat()}


def records(world: World, found: tuple[Record, ...]) -> list[Json]:
    """Feed records with secrets blanked."""
    known = world.settings
    secrets = (known.token, known.app_secret, known.verify_token, known.api_token)
    return [blanked(record.as_json(), secrets) for record in found]


def blanked(value: Any, secrets: tuple[str, ...]) -> Any:
    """The value with every secret in it replaced by `***`."""
    if isinstance(value, str):
        for secret in secrets:
            value = value.replace(secret, "***") if secret else value
        return value
    if isinstance(value, dict):
        return {key: blanked(item, secrets) for key, item in value.items()}
    if isinstance(value, list):
        return [blanked(item, secrets) for item in value]
    return value
