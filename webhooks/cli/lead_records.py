"""One customer on record: why things went so, all we hold of them, and whether we would understand them so again."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import orjson

from bot.dialogue import denials
from bot.domain.contents import Bubble, Media
from bot.domain.ids import DeliveryId, LeadId
from bot.domain.lead import Lead
from bot.engine import inbound, understanding
from bot.engine.channel import PartKind
from bot.engine.living import living
from bot.engine.parts import Parts
from bot.replies import reasons as reason_words
from bot.store.audit import AuditEntry
from bot.store.delivery import Understood
from bot.store.shapes import UnknownKind
from intents import joining
from intents.understanding import ExpectedAnswer, Language, Understanding
from webhooks.api.money import views
from webhooks.cli.admin import plain
from webhooks.cli.lead_story import MOVED, Teller
from webhooks.edge.problems import reason_shown
from webhooks.wiring import Process

Json = dict[str, Any]

MAX_RECORDS: Final = 100_000
_SNAPSHOT: Final = ("service", "provider", "place", "start", "guests")
_COMPARED: Final = ("intent", "intents", "confidence", "language", "wanted_language", "entities", "is_correction")


# Why -----------------------------------------------------------------------------------------------------------------


async def why(process: Process, lead_id: str, last: int) -> list[Json] | None:
    """The last decisions on record with their verdicts, oldest first; none when there is no such lead."""
    lead = await _lead(process.parts, lead_id)
    if lead is None:
        return None
    entries = await process.parts.audit.of(lead.id)
    return [_decision(entry) for entry in entries[-last:]]


async def story(process: Process, lead_id: str, last: int, *, is_masked: bool) -> list[str] | None:
    """The same as sentences; none when there is no such lead."""
    lead, decisions = await _lead(process.parts, lead_id), await why(process, lead_id, last)
    if lead is None or decisions is None:
        return None
    lines = await process.parts.messages.of(lead.id, MAX_RECORDS)
    # a customer's line has the id of the delivery it came with, which is its message's behind the name of the channel
    said = {line.id.partition(":")[2]: line.text for line in lines if line.author == "customer"}
    return list(Teller(process.business, said, is_masked).story(decisions))


def _decision(entry: AuditEntry) -> Json:
    facts = dict(entry.facts)
    told: Json = {"at": entry.at.isoformat(), "by": entry.by, "role": entry.role, "what": entry.what}
    told["booking"] = facts.get("booking")
    booked = {name: facts[name] for name in _SNAPSHOT if name in facts}
    if entry.what == denials.DENIED:
        (reason,) = reason_words.in_words((denials.reason_in(facts),), Language.EN)
        step = {"from": facts.get("state"), "to": facts.get("target"), "verdict": "refused"}
        checks = [{"rule": facts.get("rule"), "passed": False}]
        return told | step | {"reasons": [reason_shown(reason).model_dump()], "checks": checks, "booked": booked}
    if entry.what == MOVED:
        step = {"from": facts.get("from") or None, "to": facts.get("to"), "verdict": facts.get("verdict", "allowed")}
        rules, overridden = facts.get("rules", "").split(), facts.get("overridden", "").split()
        return (
            told
            | step
            | {"rules": rules, "overridden": overridden, "reason": facts.get("reason") or None}
            | {"override": facts.get("override")}
            | {"actor": facts.get("actor"), "event": facts.get("event"), "messages": facts.get("messages", "").split()}
            | {"checks": [{"rule": rule, "passed": rule not in overridden} for rule in rules], "booked": booked}
        )
    return told | {"facts": facts}


# Everything we hold --------------------------------------------------------------------------------------------------


async def export(process: Process, lead_id: str) -> Json | None:
    """All that is stored of a customer, readable; none when there is no such lead (or no more: erased)."""
    parts = process.parts
    lead = await _lead(parts, lead_id)
    if lead is None:
        return None
    bookings: list[Json] = []
    for stored in (await parts.bookings.page(lead.id, None, MAX_RECORDS, None)).bookings:
        shown_booking = asdict(stored.booking)
        if process.money is not None:
            known = await process.money.cashier.money_of(stored.booking.account)
            shown_booking |= {
                "money": [{"currency": books.currency} | views.money(known, books.currency) for books in known.books],
                "invoices": views.invoices(known),
                "refunds": views.refunds(known),
            }
        bookings.append(shown_booking)
    received: list[Json] = []
    for delivery in await parts.received.of(lead.id):
        # Bodies are emptied after a while; then what is left of it is that it came.
        body: Any = await parts.vault.open_inbound(delivery.id, delivery.body) if delivery.body else None
        if body is not None:
            try:
                body = orjson.loads(body)
            except orjson.JSONDecodeError:
                body = body.decode(errors="replace")
        told = {"id": delivery.id, "source": delivery.source, "kind": delivery.kind}
        received.append(told | {"received_at": delivery.received_at, "state": delivery.state, "body": body})
    now = await parts.clock.business_now()
    found = {
        "exported_at": now,
        "lead": asdict(lead),
        "bookings": bookings,
        "holds": [asdict(hold) for hold in await parts.claims.of_lead(lead.id, now=now)],
        "waiting": [asdict(row) for row in await parts.waiting.rows.of(lead.id)],
        "messages": [asdict(line) for line in await parts.messages.of(lead.id, MAX_RECORDS)],
        "photos": [
            {
                "of": photo.subject,
                "media_id": photo.media_id,
                "mime_type": photo.mime_type,
                "state": photo.state.value,
                "content": None if photo.content is None else base64.b64encode(photo.content).decode(),
            }
            for photo in await parts.photos.photos.of(lead.id)
        ],
        "received": received,
        "history": [asdict(entry) | {"facts": dict(entry.facts)} for entry in await parts.audit.of(lead.id)],
    }
    shown: Json = plain(found)
    return shown


# Understood again ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class UnderstoodBurst:
    """A burst of messages as it was understood, and the words it was understood from."""

    kept: Understood
    known: understanding.KeptUnderstanding
    words: str
    at: datetime


async def replayed(process: Process, lead_id: str) -> list[Json] | None:
    """Everything the customer wrote, understood once more by this version, and where that differs; nothing is changed.

    What `decide` made of it is not made again: calendars and providers answered it at the time, and their answers
    are kept as what became of them, not as events.
    """
    parts = process.parts
    lead = await _lead(parts, lead_id)
    if lead is None:
        return None
    said_at = {line.id: line.at for line in await parts.messages.of(lead.id, MAX_RECORDS)}
    told: list[Json] = []
    for kept in await parts.received.understood(lead.id):
        heard = await _heard(parts, lead.id, kept, said_at)
        if heard is None:
            told.append({"delivery": kept.delivery, "same": None, "differences": {}})
            continue
        then, again = plain(asdict(heard.known.understanding)), plain(asdict(_again(parts, heard)))
        differences = {
            name: {"then": then[name], "now": again[name]} for name in _COMPARED if then[name] != again[name]
        }
        told.append(
            {
                "delivery": kept.delivery,
                "at": heard.at.isoformat(),
                "words": heard.words,
                "intent": then["intent"],
                "same": not differences,
                "differences": differences,
            }
        )
    return told


async def _heard(
    parts: Parts, lead: LeadId, kept: Understood, said_at: Mapping[str, datetime]
) -> UnderstoodBurst | None:
    """None where the words or the meaning are no longer kept, or of a shape this version does not know."""
    deliveries = [await parts.received.find(DeliveryId(part)) for part in kept.of[:-1]]
    whole = [part for part in deliveries if part is not None and part.body and part.kind == PartKind.MESSAGE]
    # A part of the words would be understood as something else than all of them.
    if len(whole) != len(kept.of) - 1:
        return None
    try:
        known = await parts.interpreter.kept_about(lead, kept.delivery)
    except UnknownKind:
        return None
    if known is None:
        return None
    bubbles: list[Bubble] = []
    for delivery in whole:
        body = await parts.vault.open_inbound(delivery.id, delivery.body)
        bubble = parts.channel.message(body, delivery.received_at).bubble
        if isinstance(bubble.content, Media):
            # A voice note with the words that were written down of it then; the sound itself is not kept.
            written = await parts.interpreter.words_written_down(delivery.id)
            bubble = replace(bubble, content=replace(bubble.content, transcript=written))
        bubbles.append(bubble)
    return UnderstoodBurst(
        kept, known, inbound.words_of(bubbles), said_at.get(str(kept.delivery), whole[-1].received_at)
    )


def _again(parts: Parts, heard: UnderstoodBurst) -> Understanding:
    """Our own reading made again, and the model's answer of then joined to it as it was."""
    local_now = heard.at.astimezone(ZoneInfo(parts.timezone))
    expecting, language = ExpectedAnswer(heard.kept.of[-1]), heard.known.understanding.language
    local = parts.interpreter.understand(heard.words, expecting, local_now.date(), local_now, language)
    answer = heard.known.answer
    # The model is not asked again: it answers otherwise each time, and costs money.
    if answer is None or answer.said is None or not heard.words or not joining.is_worth_asking(local):
        return local
    question = understanding.question_of(heard.words, expecting, local_now, parts.context(heard.at).business)
    return joining.joined(local, answer.said, question, language)


def differing(told: Sequence[Json]) -> int:
    """How many of them would be understood otherwise."""
    return sum(1 for burst in told if burst["same"] is False)


async def _lead(parts: Parts, lead_id: str) -> Lead | None:
    """That lead, or the one it was merged into."""
    stored = await living(parts.leads, LeadId(lead_id))
    return None if stored is None else stored.lead
