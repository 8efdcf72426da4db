"""How an outbox changes, as expressions the server applies to what is there, never to what we read."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from bot.domain.commands import Author, Lane
from bot.domain.ids import EffectId
from bot.domain.outbox import SETTLED_WITHIN, Status
from bot.domain.outcome import Withdraw
from bot.store.driver import Document

LONG_AGO: Final = datetime(2000, 1, 1, tzinfo=UTC)
_ONE: Final = "$$one"


def literal(value: Any) -> Document:
    """The value itself, whatever dollars are in it."""
    return {"$literal": value}


def outbox_after(withdraw: Withdraw, epoch: int, settled: Sequence[EffectId], new: Sequence[Document]) -> Document:
    """What a commit leaves in the outbox: kept, changed by the withdrawal, and the new effects behind."""
    kept = _filter("$outbox", {"$not": [{"$in": [f"{_ONE}.id", literal(list(settled))]}]})
    return {"$concatArrays": [_withdrawn(withdraw, epoch, kept), literal(list(new))]}


def _withdrawn(withdraw: Withdraw, epoch: int, outbox: Document) -> Document:
    queued = {"$eq": [f"{_ONE}.status", Status.QUEUED.value]}
    chat = {"$eq": [f"{_ONE}.lane", Lane.CHAT.value]}
    by_bot = {"$eq": [f"{_ONE}.author", Author.BOT.value]}
    match withdraw:
        case Withdraw.NOTHING:
            return outbox
        case Withdraw.SUPERSEDED:
            return _filter(outbox, {"$not": [{"$and": [queued, f"{_ONE}.supersedable"]}]})
        case Withdraw.DRAFTS:
            return _filter(outbox, {"$not": [_answering_draft()]})
        case Withdraw.HAND_BACK:
            facts = {"$eq": [f"{_ONE}.status", Status.DRAFT.value]}
            again = {"status": Status.QUEUED.value, "epoch": epoch, "look_at": literal(LONG_AGO)}
            return _changed(_filter(outbox, {"$not": [_answering_draft()]}), facts, again)
        case Withdraw.BOT_CHAT:
            draft = {"status": Status.DRAFT.value}
            return _changed(outbox, {"$and": [queued, chat, by_bot]}, draft)
        case Withdraw.ANSWERED:
            draft = {"status": Status.DRAFT.value}
            return _filter(_changed(outbox, {"$and": [queued, chat, by_bot]}, draft), {"$not": [_answering_draft()]})
        case Withdraw.CARRIED_OVER:
            return _changed(outbox, {"$and": [queued, chat]}, {"epoch": epoch})


def _answering_draft() -> Document:
    """A draft that only answers words; one that reports a fact is kept until it is sent."""
    return {"$and": [{"$eq": [f"{_ONE}.status", Status.DRAFT.value]}, {"$ne": [f"{_ONE}.is_fact", True]}]}


def claimed(effect_id: EffectId) -> Document:
    """Somebody starts doing it."""
    change = {
        "status": Status.CLAIMED.value,
        "claimed_at": "$$NOW",
        "look_at": _in_seconds(SETTLED_WITHIN.total_seconds()),
    }
    return _changed("$outbox", _is(effect_id), change)


def queued_again(effect_id: EffectId, delay_seconds: float, was: Status, counted: str | None = None) -> Document:
    """Back into the queue, to be looked at after a while; `counted` names the count that grows."""
    change = {"status": Status.QUEUED.value, "claimed_at": None, "look_at": _in_seconds(delay_seconds)}
    if counted is not None:
        change[counted] = _one_more(counted)
    return _changed("$outbox", _is(effect_id, was), change)


def drafted(effect_id: EffectId) -> Document:
    """For a person to send, as far as nobody has claimed it."""
    return _changed("$outbox", _is(effect_id, Status.QUEUED), {"status": Status.DRAFT.value})


def unknown(effect_id: EffectId, look_in_seconds: float) -> Document:
    """Outcome of what was claimed unknown; look again later. `claimed_at` stays: it says since when."""
    change = {"status": Status.UNKNOWN.value, "look_at": _in_seconds(look_in_seconds)}
    tried = {"$in": [f"{_ONE}.status", [Status.CLAIMED.value, Status.UNKNOWN.value]]}
    return _changed("$outbox", {"$and": [_is(effect_id), tried]}, change)


def failed(effect_id: EffectId, delay_seconds: float, reason: str | None = None) -> Document:
    """One more try failed in our own code; look again after a while."""
    change = {"attempts": _one_more("attempts"), "look_at": _in_seconds(delay_seconds)}
    if reason is not None:
        change["reason"] = literal(reason)
    return _changed("$outbox", _is(effect_id), change)


def look_now(effect_id: EffectId) -> Document:
    """An unknown outcome may be known now."""
    return _changed("$outbox", _is(effect_id, Status.UNKNOWN), {"look_at": literal(LONG_AGO)})


def doubled(effect_id: EffectId) -> Document:
    """Once more under the same id, marked."""
    change = {
        "status": Status.QUEUED.value,
        "claimed_at": None,
        "look_at": literal(LONG_AGO),
        "doubled": True,
    }
    return _changed("$outbox", _is(effect_id, Status.UNKNOWN), change)


def _one_more(count: str) -> Document:
    """Counts that came later are missing in older effects."""
    return {"$add": [{"$ifNull": [f"{_ONE}.{count}", 0]}, 1]}


def _in_seconds(seconds: float) -> Document:
    return {"$add": ["$$NOW", int(seconds * 1000)]}


def _is(effect_id: EffectId, status: Status | None = None) -> Document:
    same = {"$eq": [f"{_ONE}.id", literal(effect_id)]}
    return same if status is None else {"$and": [same, {"$eq": [f"{_ONE}.status", status.value]}]}


def _filter(outbox: Document | str, condition: Document) -> Document:
    return {"$filter": {"input": outbox, "as": "one", "cond": condition}}


def _changed(outbox: Document | str, condition: Document, change: Document) -> Document:
    merged = {"$mergeObjects": [_ONE, change]}
    return {"$map": {"input": outbox, "as": "one", "in": {"$cond": [condition, merged, _ONE]}}}
