"""What a person does with a complaint, the same way from the API and from the command line."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.business.prices import SplitParty
from bot.dialogue.changes.staff_money import NoMoneyMoved
from bot.dialogue.complaint_answers import NotAnswered
from bot.domain.complaints import Complaint, ComplaintAnswer, ComplaintState
from bot.engine.parts import Parts
from bot.engine.staff_actions import NoSuchBooking
from bot.engine.staff_complaints import ComplaintRefused, StaffComplaints
from bot.lifecycle.rules.rule import Reason
from bot.store.photos import PhotoState
from payments.domain.money import Money
from webhooks.api.bookings.acting import Acting
from webhooks.api.complaints import models
from webhooks.api.money.steps import refused
from webhooks.edge.models import AmountShown
from webhooks.edge.photos import NoSuchPhoto, PhotoContent, photo_shown

_WHY: Final[Mapping[NotAnswered, str]] = {
    NotAnswered.MAY_NOT: "That role does not answer complaints: operations, finance and admin do; support and sales "
    "open them.",
    NotAnswered.NOT_DELIVERED: "It has not taken place, so nothing of it can have gone wrong.",
    NotAnswered.NO_COMPLAINT: "Nobody has complained about it; open one first.",
    NotAnswered.ANSWERED_BEFORE: "It was answered before; what is to follow is a refund or a booking like any other.",
    NotAnswered.TOO_MANY: "So many complaints of this guest are open that no other is kept; answer one of them.",
    NotAnswered.NO_WORDS: "A no needs words that the guest can read.",
    NotAnswered.NO_TIME: "That time cannot be had; look for another one.",
    NotAnswered.BAD_DAY: "The last day of a credit is today or later, and at most two years from now.",
    NotAnswered.NO_SHARE: "That party has no share of the booking, so it cannot bear anything.",
}
_STATUS: Final = {
    NotAnswered.MAY_NOT: 403,
    NotAnswered.NO_COMPLAINT: 404,
    NotAnswered.NO_WORDS: 422,
    NotAnswered.BAD_DAY: 422,
}
"""The others are 409: how things stand, not how it was asked."""


class ComplaintNotChanged(Exception):
    """It cannot be done so: the HTTP status, the problem's kind, a sentence, and why a time cannot be had."""

    def __init__(self, status: int, kind: str, detail: str, reasons: tuple[Reason, ...] = ()) -> None:
        super().__init__(detail)
        self.status = status
        self.kind = kind
        self.detail = detail
        self.reasons = reasons


async def show(parts: Parts, reference: str) -> models.ComplaintShown:
    """How it stands; ComplaintNotChanged where there is none, NoSuchBooking."""
    complaint = (await parts.staff.find(reference)).booking.complaint
    if complaint is None:
        raise _denied(ComplaintRefused(NotAnswered.NO_COMPLAINT), reference)
    known = await parts.photos.photos.states(
        complaint.reference, tuple(picture.media_id for picture in complaint.photos)
    )
    zone = parts.context(await parts.clock.business_now()).business.zone
    photos = [
        models.PhotoShown(
            number=number,
            state=known.get(picture.media_id, PhotoState.WANTED),
            sent_at=_local(picture.sent_at, zone),
        )
        for number, picture in enumerate(complaint.photos, 1)
    ]
    return _shown(complaint, photos, zone)


async def photo(parts: Parts, reference: str, number: int) -> PhotoContent:
    """One picture of it; NoSuchPhoto, NoSuchBooking."""
    complaint = (await parts.staff.find(reference)).booking.complaint
    if complaint is None or not 1 <= number <= len(complaint.photos):
        raise NoSuchPhoto(None)
    picture = complaint.photos[number - 1]
    stored = await parts.photos.photos.find(complaint.reference, picture.media_id)
    return photo_shown(stored, number, PhotoState.WANTED)


async def enter(parts: Parts, reference: str, asked: models.NewComplaint, name: str) -> models.ComplaintShown:
    """What a guest told a person; ComplaintNotChanged, NoSuchBooking."""
    said = _said(asked) | {"words": asked.words, "photos": " ".join(asked.photos)}
    why = await StaffComplaints(parts.staff_money).open(await parts.staff.find(reference), said, name)
    if why is not None:
        raise _denied(why, reference)
    return await show(parts, reference)


async def answer(parts: Parts, reference: str, asked: models.GivenAnswer, name: str) -> models.AnswerOrdered:
    """The house's answer; ComplaintNotChanged, MoneyDenied, NoSuchBooking."""
    if (asked.amount is not None) != (asked.kind in {"refund", "credit"}):
        raise ComplaintNotChanged(422, "bad-sum", "A refund and a credit need an amount, and nothing else has one.")
    if (asked.expires_on is not None) != (asked.kind == "credit"):
        raise ComplaintNotChanged(422, "bad-day", "A credit needs expires_on, and nothing else has it.")
    if (asked.slot_id is not None) != (asked.kind == "redo"):
        raise ComplaintNotChanged(422, "bad-time", "A redo needs the slot_id of its time, and nothing else has one.")
    given = {
        "kind": asked.kind,
        "amount": None if asked.amount is None else str(asked.amount),
        "slot_id": asked.slot_id,
        "expires_on": None if asked.expires_on is None else asked.expires_on.isoformat(),
        "borne_by": None if asked.borne_by is None else asked.borne_by.value,
        "words": asked.words,
    }
    said = _said(asked) | {key: value for key, value in given.items() if value is not None}
    found = await parts.staff.find(reference)
    told = await StaffComplaints(parts.staff_money).answer(found, said, name, dry_run=asked.dry_run)
    if isinstance(told, ComplaintRefused):
        raise _denied(told, reference)
    amount = told.get("amount")
    return models.AnswerOrdered(
        booking=reference,
        kind=ComplaintState(told["kind"]),
        answered_by=told["person"],
        amount=None if amount is None else AmountShown(amount=int(amount), currency=told["currency"]),
        borne_by=_party(told.get("borne_by")),
        refund=told.get("refund"),
        redo=told.get("redo"),
        credit=told.get("credit"),
        expires_on=None if asked.expires_on is None else asked.expires_on.isoformat(),
        dry_run=asked.dry_run,
    )


def _denied(why: ComplaintRefused, reference: str) -> Exception:
    reason = why.why
    if reason is None:
        return NoSuchBooking(reference)
    if isinstance(reason, NoMoneyMoved):
        return refused(reason)
    kind = reason.value.replace("_", "-")
    return ComplaintNotChanged(_STATUS.get(reason, 409), kind, _WHY[reason], why.reasons)


def _shown(complaint: Complaint, photos: list[models.PhotoShown], zone: ZoneInfo) -> models.ComplaintShown:
    return models.ComplaintShown(
        booking=str(complaint.reference),
        state=complaint.state,
        opened_at=_local(complaint.opened_at, zone),
        opened_by=complaint.by,
        answer_by=_local(complaint.answer_by, zone),
        words=list(complaint.words),
        photos=photos,
        answer=None if complaint.answer is None else _answer(complaint.state, complaint.answer, zone),
    )


def _answer(kind: ComplaintState, known: ComplaintAnswer, zone: ZoneInfo) -> models.AnswerShown:
    return models.AnswerShown(
        kind=kind,
        by=known.by,
        role=known.role,
        at=_local(known.at, zone),
        amount=_amount(known.amount),
        borne_by=_party(known.borne_by),
        refund=known.refund,
        redo=known.redo,
        credit=known.credit,
        expires_on=None if known.until is None else _last_day(known.until, zone),
        words=known.words or None,
    )


def _last_day(until: datetime, zone: ZoneInfo) -> str:
    return (until - timedelta(seconds=1)).astimezone(zone).date().isoformat()


def _amount(amount: Money | None) -> AmountShown | None:
    return None if amount is None else AmountShown(amount=amount.amount, currency=amount.currency)


def _party(named: str | None) -> SplitParty | None:
    return None if named is None else SplitParty(named)


def _local(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).isoformat()


def _said(asked: Acting) -> dict[str, str]:
    return {"role": asked.role.value, "person": asked.person}
