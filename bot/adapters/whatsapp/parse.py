"""WhatsApp webhooks to values: an envelope into its parts, a part into a bubble or a status.

Every entry, change, message and status is taken; nothing unknown is an error: it is `Other`, or a notice.
Foreign text is cleaned here, once; what is stored and logged behind this door is clean.
reference: whatsapp 4.2 to 4.4, and 7.16 for batches.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final, TypeGuard

import orjson

from bot.adapters.whatsapp.errors import remedy_for
from bot.domain.contents import (
    Bubble,
    ContactCards,
    Content,
    FormSent,
    Location,
    Media,
    Order,
    OrderedItem,
    Other,
    Reaction,
    Tap,
    Text,
)
from bot.domain.foreign_text import clean_json, clean_name
from bot.domain.ids import Wamid
from bot.domain.lead import Address
from bot.engine.channel import InboundMessage, Part, PartKind, StatusNews

_MEDIA: Final = frozenset({"image", "video", "audio", "document", "sticker"})
_FAR: Final = 253402300799
"""The last second a datetime can hold."""
_FAR_DIGITS: Final = 12
_ID: Final = re.compile(r"[!-~]{1,256}", re.ASCII)
"""Ids stand in lists, lines and other ids: a foreign text in place of one does not."""
_KIND: Final = re.compile(r"[a-z_]{1,40}", re.ASCII)
_ITEMS: Final = 30
_FILENAME: Final = 200


class NotAWebhookEnvelope(Exception):
    """The body is JSON, but not a WhatsApp webhook."""


def split(body: bytes) -> tuple[Part, ...]:
    """Every part of a webhook body; NotAWebhookEnvelope when it is none (ValueError when it is not even JSON)."""
    envelope = clean_json(_loaded(body))
    if not isinstance(envelope, dict) or not isinstance(envelope.get("entry"), list):
        raise NotAWebhookEnvelope("no entries")
    if envelope.get("object") != "whatsapp_business_account":
        raise NotAWebhookEnvelope("another object")
    return tuple(part for entry in _dicts(envelope["entry"]) for part in _entry_parts(entry))


def _loaded(body: bytes) -> Any:
    """The JSON of a body; a string that is no Unicode text spoils itself and not the envelope around it."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        try:
            return json.loads(body.decode("utf-8", errors="replace"))
        except RecursionError:
            raise NotAWebhookEnvelope("nested too deep") from None


def _entry_parts(entry: dict[str, Any]) -> Iterator[Part]:
    for change in _dicts(entry.get("changes")):
        value = change.get("value")
        if not isinstance(value, dict):
            value = {}
        match change.get("field"):
            case "messages":
                yield from _message_parts(value)
            case "smb_message_echoes":
                for echo in _dicts(value.get("message_echoes")):
                    # Staff's words: the customer is whom they were sent to.
                    number = _number(value)
                    to = {"from": echo.get("to"), "from_user_id": echo.get("to_user_id")}
                    payload = {"message": echo | to, "contact": {}}
                    yield _part(
                        f"echo:{_name(echo.get('id')) or _hash(echo)}",
                        PartKind.ECHO,
                        number,
                        payload,
                        sent_at=_time(echo.get("timestamp")),
                        addresses=_addresses(to, {}),
                    )
            case _:
                name = f"change:{_hash([entry.get('time'), change])}"
                yield _part(name, PartKind.ACCOUNT, _number(value), change)


def _message_parts(value: dict[str, Any]) -> Iterator[Part]:
    number = _number(value)
    contacts, messages = _dicts(value.get("contacts")), _dicts(value.get("messages"))
    for message in messages:
        contact = _contact_of(message, contacts, len(messages))
        payload = {"message": message, "contact": contact}
        kind = PartKind.MESSAGE
        addresses = _addresses(message, contact)
        if message.get("type") == "system":
            system = _dict(message.get("system"))
            found = (
                ("user_id", _text(system.get("previous_user_id"))),
                ("user_id", _text(system.get("user_id"))),
                ("wa_id", _text(system.get("wa_id"))),
            )
            kind, addresses = PartKind.ADDRESS, addresses + tuple((kind, value) for kind, value in found if value)
        elif message.get("group_id"):
            kind = PartKind.GROUP
        yield _part(
            _name(message.get("id")) or f"message:{_hash(payload)}",
            kind,
            number,
            payload,
            sent_at=_time(message.get("timestamp")),
            addresses=tuple(dict.fromkeys(addresses)),
            is_free_text=_text(message.get("type")) in {"text", "edit"},
        )
    for status in _dicts(value.get("statuses")):
        name = f"{_name(status.get('id')) or _hash(status)}:{_name(status.get('status')) or 'unknown'}"
        yield _part(name, PartKind.STATUS, number, status, sent_at=_time(status.get("timestamp")))
    for error in _dicts(value.get("errors")):
        yield _part(f"error:{_hash(error)}", PartKind.ERROR, number, error)


def _part(
    external_id: str,
    kind: PartKind,
    number: str,
    payload: dict[str, Any],
    *,
    sent_at: datetime | None = None,
    addresses: tuple[tuple[str, str], ...] = (),
    is_free_text: bool = False,
) -> Part:
    return Part(external_id, kind, number, sent_at, addresses, is_free_text, _packed(payload))


def message(payload: bytes, received_at: datetime) -> InboundMessage:
    """The bubble a stored message part holds; what is missing or malformed becomes `Other`, never an error."""
    stored = orjson.loads(payload)
    sent, contact = stored["message"], stored["contact"]
    quoted = _text(_dict(sent.get("context")).get("id"))
    # The words of the ad through which the customer came (reference: whatsapp 4.3).
    referral = _dict(sent.get("referral"))
    bubble = Bubble(
        wamid=Wamid(_text(sent.get("id")) or ""),
        sent_at=_time(sent.get("timestamp")) or received_at,
        content=_content(sent),
        quoted=(None if quoted is None else Wamid(quoted)),
        replaces=_original(sent, "edit"),
        revokes=_original(sent, "revoke"),
        ad="\n".join(filter(None, (_text(referral.get("headline")), _text(referral.get("body"))))),
    )
    found = dict(_addresses(sent, contact))
    profile = contact.get("profile")
    name = _text(profile.get("name")) if isinstance(profile, dict) else None
    return InboundMessage(
        bubble, Address(found.get("wa_id"), found.get("user_id")), None if name is None else clean_name(name)
    )


def changed_address(payload: bytes) -> Address:
    """The new address a stored system message tells."""
    system = _dict(orjson.loads(payload)["message"].get("system"))
    return Address(wa_id=_text(system.get("wa_id")), user_id=_text(system.get("user_id")))


def status(payload: bytes) -> StatusNews:
    """What a stored status part says."""
    stored = orjson.loads(payload)
    errors = _dicts(stored.get("errors"))
    code = errors[0].get("code") if errors else None
    return StatusNews(
        wamid=Wamid(_text(stored.get("id")) or ""),
        status=_text(stored.get("status")) or "unknown",
        callback_data=_text(stored.get("biz_opaque_callback_data")),
        error_code=code if isinstance(code, int) else None,
        remedy=remedy_for(code) if isinstance(code, int) else None,
    )


def _content(sent: dict[str, Any]) -> Content:
    kind = _text(sent.get("type")) or "unknown"
    held = _dict(sent.get(kind))
    if kind == "text" and _text(held.get("body")):
        return Text(str(held["body"]))
    if kind in _MEDIA:
        return _media(kind, held)
    match kind:
        case "interactive":
            return _interactive(held)
        case "button":
            return Tap(_text(held.get("payload")) or "", _text(held.get("text")) or "")
        case "location":
            latitude, longitude = held.get("latitude"), held.get("longitude")
            if not _is_number(latitude) or not _is_number(longitude):
                return Other("location")
            return Location(float(latitude), float(longitude), _text(held.get("name")), _text(held.get("address")))
        case "edit" if isinstance(held.get("message"), dict) and held["message"].get("type") != "edit":
            return _content(held["message"])
        case "order":
            items = tuple(
                OrderedItem(_text(item.get("product_retailer_id")) or "", _quantity(item.get("quantity")))
                for item in _dicts(held.get("product_items"))[:_ITEMS]
            )
            return Order(items, _text(held.get("text")) or "")
        case "contacts":
            return ContactCards(tuple(_card(card) for card in _dicts(sent.get("contacts"))))
        case "reaction":
            return Reaction(_text(held.get("message_id")) or "", _text(held.get("emoji")))
        case "unsupported":
            # what it is, where Meta says so: `poll_creation`, `event_creation`
            named = _text(held.get("type")) or ""
            return Other(f"{kind}_{named}" if _KIND.fullmatch(named) else kind)
        case _:
            return Other(kind)


def _quantity(value: Any) -> int:
    number = int(value) if isinstance(value, str) and _is_digits(value[:6]) and len(value) <= 6 else value
    return int(number) if _is_number(number) and 1 <= number < 1_000_000 else 1


def _card(card: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
    name = _text(_dict(card.get("name")).get("formatted_name")) or ""
    phones = (_text(phone.get("phone")) for phone in _dicts(card.get("phones"))[:_ITEMS])
    return clean_name(name) or "", tuple(phone for phone in phones if phone)


def _original(sent: dict[str, Any], kind: str) -> Wamid | None:
    """The message that an edit or a deletion is about."""
    if sent.get("type") != kind:
        return None
    original = _text(_dict(sent.get(kind)).get("original_message_id"))
    return None if original is None else Wamid(original)


def _media(kind: str, held: dict[str, Any]) -> Media:
    return Media(
        kind,
        _text(held.get("id")) or "",
        _text(held.get("mime_type")) or "",
        _text(held.get("caption")),
        filename=(_text(held.get("filename")) or "")[:_FILENAME],
    )


def _interactive(held: dict[str, Any]) -> Content:
    for kind in ("button_reply", "list_reply"):
        reply = held.get(kind)
        if isinstance(reply, dict):
            return Tap(_text(reply.get("id")) or "", _text(reply.get("title")) or "")
    form = held.get("nfm_reply")
    if isinstance(form, dict) and form.get("name") == "flow":
        return FormSent(_text(form.get("response_json")) or "")
    return Other("interactive")


def _addresses(sent: dict[str, Any], contact: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """The number is omitted for customers who hide it (reference: whatsapp 5); the user id is never a number."""
    number = _text(sent.get("from")) or _text(contact.get("wa_id"))
    user = _text(sent.get("from_user_id")) or _text(contact.get("user_id"))
    if number is not None and not _is_digits(number):
        user, number = user or number, None
    found = (("user_id", user), ("wa_id", number))
    return tuple((kind, value) for kind, value in found if value)


def _contact_of(sent: dict[str, Any], contacts: list[dict[str, Any]], messages: int) -> dict[str, Any]:
    """The contact that belongs to this message; batches hold several."""
    mine = {_text(sent.get("from")), _text(sent.get("from_user_id"))} - {None}
    for contact in contacts:
        if {_text(contact.get("wa_id")), _text(contact.get("user_id"))} & mine:
            # the sender's own number is the one it was sent from, however the contact writes it
            return contact
    if len(contacts) != 1:
        return {}
    if not _is_another(sent, contacts[0]):
        return contacts[0]
    # one message, one contact, and no user id says otherwise: the same number written in another way
    is_same_person = messages == 1 and not (_text(sent.get("from_user_id")) or _text(contacts[0].get("user_id")))
    return {"profile": contacts[0].get("profile")} if is_same_person else {}


def _is_another(sent: dict[str, Any], contact: dict[str, Any]) -> bool:
    """Whether both say who they are, in the same kind of id, and differ: two people are never made one."""
    pairs = (
        (_text(sent.get("from")), _text(contact.get("wa_id"))),
        (_text(sent.get("from_user_id")), _text(contact.get("user_id"))),
    )
    return any(ours and theirs and ours != theirs for ours, theirs in pairs)


def _number(value: dict[str, Any]) -> str:
    return _text(_dict(value.get("metadata")).get("phone_number_id")) or ""


def _time(stamp: Any) -> datetime | None:
    text = str(stamp) if isinstance(stamp, str | int) and not isinstance(stamp, bool) else ""
    if not _is_digits(text) or len(text) > _FAR_DIGITS or int(text) > _FAR:
        return None
    return datetime.fromtimestamp(int(text), UTC)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _is_digits(text: str) -> bool:
    """Only 0 to 9: other scripts' digits and superscripts are `str.isdigit` too."""
    return text.isascii() and text.isdigit()


def _is_number(value: Any) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _name(value: Any) -> str | None:
    """An id of Meta's as part of one of ours; what is none, in length or letters, by its hash."""
    text = _text(value)
    return text if text is None or _ID.fullmatch(text) else f"odd:{_hash(text)}"


def _hash(value: Any) -> str:
    return hashlib.sha256(_packed(value)).hexdigest()[:32]


def _packed(value: Any) -> bytes:
    """JSON with sorted keys, of what was cleaned."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
