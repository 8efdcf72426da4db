"""Webhook bodies: who it is from, what was said, what became of it (reference: whatsapp 4.2 to 4.5)."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from simulator.whatsapp.errors import Refusal
from simulator.whatsapp.values import Bubble, Customer, Kind, Tick

Json = dict[str, Any]


class Stream(StrEnum):
    """The two kinds of news whose manners can be set apart."""

    MESSAGES = "messages"
    STATUSES = "statuses"


class Packing(StrEnum):
    """How several updates share POSTs."""

    ALONE = "alone"
    ENTRIES = "entries"
    CHANGES = "changes"
    MERGED = "merged"


@dataclass(frozen=True, slots=True)
class Update:
    """One piece of news for the business, before it is put in an envelope."""

    stream: Stream
    lane: str
    """Updates of one lane are first tried in order."""
    field: str = "messages"
    contacts: tuple[Json, ...] = ()
    messages: tuple[Json, ...] = ()
    statuses: tuple[Json, ...] = ()
    extra: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    is_of_account: bool = False
    """News of the whole account: its value names no number (reference: whatsapp 4.5)."""
    at: str = ""
    """`time` of the entry, which account-level news has."""

    @property
    def ids(self) -> tuple[str, ...]:
        """Message ids it speaks of."""
        return tuple(str(item.get("id", "")) for item in (*self.messages, *self.statuses))


@dataclass(frozen=True, slots=True)
class Account:
    """The business number as webhooks name it."""

    waba_id: str
    phone_number_id: str
    display_phone_number: str


def envelopes(account: Account, updates: Sequence[Update], packing: Packing) -> tuple[Json, ...]:
    """The POST bodies that carry the updates."""
    changes = [{"field": update.field, "value": _value(account, [update])} for update in updates]
    entries = [_entry(account, [change], update.at) for change, update in zip(changes, updates, strict=True)]
    if packing is Packing.ALONE:
        return tuple(_envelope([entry]) for entry in entries)
    if packing is Packing.ENTRIES:
        return (_envelope(entries),)
    if packing is Packing.CHANGES:
        return (_envelope([_entry(account, changes)]),)
    return (_envelope([_entry(account, _merged(account, updates))]),)


def _merged(account: Account, updates: Sequence[Update]) -> list[Json]:
    # what is of the whole account stays a change of its own: two of them are two facts, not one with two lists
    alone = [{"field": one.field, "value": _value(account, [one])} for one in updates if one.is_of_account]
    shared = [update for update in updates if not update.is_of_account]
    names = list(dict.fromkeys(update.field for update in shared))
    return alone + [
        {"field": name, "value": _value(account, [update for update in shared if update.field == name])}
        for name in names
    ]


def _envelope(entries: list[Json]) -> Json:
    return {"object": "whatsapp_business_account", "entry": entries}


def _entry(account: Account, changes: list[Json], at: str = "") -> Json:
    return {"id": account.waba_id, **({"time": int(at)} if at else {}), "changes": changes}


def _value(account: Account, updates: Sequence[Update]) -> Json:
    if updates[0].is_of_account:
        return dict(updates[0].extra)
    value: Json = {
        "messaging_product": "whatsapp",
        "metadata": {
            "display_phone_number": account.display_phone_number,
            "phone_number_id": account.phone_number_id,
        },
    }
    contacts = [contact for update in updates for contact in update.contacts]
    for key, items in (
        ("contacts", [contact for n, contact in enumerate(contacts) if contact not in contacts[:n]]),
        ("messages", [message for update in updates for message in update.messages]),
        ("statuses", [status for update in updates for status in update.statuses]),
    ):
        if items:
            value[key] = items
    for update in updates:
        for key, item in update.extra.items():
            known = value.get(key)
            value[key] = [*known, *item] if isinstance(known, list) else item
    return value


def stamp(moment: datetime) -> str:
    """A timestamp as Meta writes it: unix seconds in a string."""
    return str(int(moment.timestamp()))


def contact(customer: Customer, *, phone_visible: bool) -> Json:
    """A `contacts[]` item; the phone number is left out where it is hidden."""
    profile = {"name": customer.name}
    if customer.username:
        profile["username"] = customer.username
    item: Json = {"profile": profile, "user_id": customer.user_id}
    if phone_visible:
        item["wa_id"] = customer.contact_wa_id or customer.wa_id
    return item


def message(customer: Customer, wamid: str, at: datetime, kind: str, payload: Json, *, phone_visible: bool) -> Json:
    """A `messages[]` item of any type (reference: whatsapp 4.3)."""
    item: Json = {"id": wamid, "timestamp": stamp(at), "type": kind, "from_user_id": customer.user_id}
    if phone_visible:
        item["from"] = customer.wa_id
    return {**item, **payload}


def status(
    customer: Customer | None,
    bubble: Bubble,
    tick: Tick,
    at: datetime,
    *,
    category: str,
    failure: Refusal | None = None,
    recipient_id: str = "",
) -> Json:
    """A `statuses[]` item (reference: whatsapp 4.4)."""
    item: Json = {"id": bubble.id, "status": tick.value, "timestamp": stamp(at)}
    if bubble.by_phone:
        item["recipient_id"] = recipient_id or (customer.wa_id if customer else "")
    if customer is not None and not (tick is Tick.FAILED and bubble.by_phone):
        item["recipient_user_id"] = customer.user_id
    if bubble.effect_id:
        item["biz_opaque_callback_data"] = bubble.effect_id
    if tick in (Tick.SENT, Tick.DELIVERED):
        # Service messages are charged since 2026-10-01 (reference: whatsapp 3.5, 5).
        item["pricing"] = {"billable": True, "pricing_model": "PMP", "type": "regular", "category": category}
    if failure is not None:
        item["errors"] = [failure.as_status_error()]
    return item


def category_of(bubble: Bubble, template_category: str) -> str:
    """The pricing category of a bubble."""
    return template_category.lower() if bubble.content.kind is Kind.TEMPLATE else "service"
