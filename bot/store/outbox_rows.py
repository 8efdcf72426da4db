"""An effect in its lead's outbox as it is stored, and read again, whatever wrote it."""

from datetime import datetime

import structlog

from bot.domain.about import AboutTime
from bot.domain.commands import Author, Effect, Lane, Repeat, UnknownCommand, Urgency
from bot.domain.ids import BookingReference, EffectId, LeadId
from bot.domain.outbox import QueuedEffect, Status
from bot.store import outbox_updates as updates
from bot.store.driver import Document
from bot.store.sealing import Tampered
from bot.store.shapes import pack_order, unpack_order
from bot.store.vault import Vault

log = structlog.get_logger(__name__)


async def effect_document(vault: Vault, lead_id: LeadId, effect: Effect) -> Document:
    """An effect as it is stored, before anybody has looked at it."""
    return {
        "id": effect.id,
        "lane": effect.lane.value,
        "kind": effect.command.kind,
        "epoch": effect.epoch,
        "author": effect.author.value,
        "repeat": effect.repeat.value,
        "urgency": effect.urgency.value,
        "supersedable": effect.supersedable,
        "is_fact": effect.is_fact,
        "not_after": effect.not_after,
        "about": None if effect.about is None else {"booking": effect.about.booking, "start": effect.about.start},
        "status": (Status.DRAFT if effect.draft else Status.QUEUED).value,
        "attempts": 0,
        "unsent": 0,
        "waits": 0,
        "look_at": updates.LONG_AGO,
        "claimed_at": None,
        "doubled": False,
        "sealed": await vault.seal(lead_id, effect.id, pack_order(effect.command)),
    }


async def read_effect(vault: Vault, lead_id: LeadId, row: Document) -> QueuedEffect:
    """One effect; what cannot be read keeps its place as an order of unknown kind, and the lead stays readable."""
    try:
        packed = await vault.open(lead_id, row["id"], bytes(row["sealed"]))
        effect = Effect(
            id=EffectId(row["id"]),
            command=unpack_order(packed, row["kind"], _lane(row["lane"])),
            epoch=row["epoch"],
            author=Author(row["author"]),
            repeat=Repeat(row["repeat"]),
            urgency=Urgency(row["urgency"]),
            supersedable=row["supersedable"],
            is_fact=row.get("is_fact", False),
            not_after=row["not_after"],
            about=_about(row.get("about")),
        )
        return QueuedEffect(
            effect=effect,
            status=Status(row["status"]),
            attempts=row["attempts"],
            look_at=row["look_at"],
            claimed_at=row["claimed_at"],
            doubled=row["doubled"],
            unsent=row.get("unsent", 0),
            waits=row.get("waits", 0),
            reason=row.get("reason"),
        )
    except (KeyError, ValueError, TypeError, Tampered) as error:
        log.error("effect_unreadable", lead=lead_id, problem=type(error).__name__)
        sealed = row.get("sealed")
        packed = sealed if isinstance(sealed, bytes) else b""
        kept = UnknownCommand(str(row.get("kind")), _lane(row.get("lane")), packed)
        look_at = row.get("look_at")
        return QueuedEffect(
            effect=Effect(EffectId(str(row.get("id"))), kept, epoch=-1),
            status=Status.DRAFT if row.get("status") == Status.DRAFT else Status.QUEUED,
            attempts=row["attempts"] if isinstance(row.get("attempts"), int) else 0,
            look_at=look_at if isinstance(look_at, datetime) else updates.LONG_AGO,
        )


def _about(stored: Document | None) -> AboutTime | None:
    """None in what was stored before messages said what they are about."""
    return None if stored is None else AboutTime(BookingReference(stored["booking"]), stored["start"])


def _lane(stored: object) -> Lane:
    """A lane another version has is none of ours: what waits in it is kept and not done."""
    return next((lane for lane in Lane if lane == stored), Lane.OTHER)
