"""What a sent form says: to its lead as an event, and to whoever reads along each answer under the label that stood
over it, as it was shown to its customer and in their language."""

from collections.abc import Iterator
from datetime import datetime

from bot.business.definition import Business
from bot.domain.form_events import ChangeFormSubmitted, FormSubmitted
from bot.domain.ids import BookingReference, EventId
from bot.replies import times
from bot.replies.words import say
from bot.slots.slot import read_slot_id
from flows.paths import PATHS
from flows.session import Answers, FlowSession, Purpose
from flows.view import ANYONE
from flows.words import ScreenWords, words_in


def event_of(
    session: FlowSession, booking: str, event: EventId, now: datetime
) -> FormSubmitted | ChangeFormSubmitted | None:
    """What the lead hears of it, from its session and never from the phone; none when it was not sent."""
    answers, purpose, hold = session.answers, session.purpose, str(session.hold_id)
    if not session.is_submitted:
        return None
    if purpose is not Purpose.BOOKING:
        slot, hold = (answers.slot_id or "", hold) if PATHS[purpose].holds else ("", "")
        reference = BookingReference(booking)
        provider = answers.provider_id or ""
        return ChangeFormSubmitted(event, now, reference, purpose.value, answers.agreed, slot, hold, provider)
    return FormSubmitted(
        id=event,
        at=now,
        service=answers.service_id or "",
        slot_id=answers.slot_id or "",
        hold_id=hold,
        guests=answers.guests or 1,
        name=answers.name,
        notes=answers.notes,
        agreed=answers.agreed,
        provider=answers.provider_id or "",
    )


def labelled(
    business: Business, purpose: Purpose, answers: Answers, language: str, booking: str
) -> tuple[tuple[str, str], ...]:
    """Label and value of all that was answered, in the order of the screens."""
    words = words_in(language)
    found = (*_head(words, purpose, booking), *_answered(business, words, answers, language))
    return tuple((label, value) for label, value in found if value)


def _head(words: ScreenWords, purpose: Purpose, booking: str) -> Iterator[tuple[str, str]]:
    """What was confirmed, where that is a booking that stands."""
    if purpose is Purpose.CANCEL:
        yield words.cancel_title, booking
    elif purpose is Purpose.RESCHEDULE:
        yield words.change_confirm, booking


def _answered(business: Business, words: ScreenWords, answers: Answers, language: str) -> Iterator[tuple[str, str]]:
    slot = read_slot_id(answers.slot_id or "")
    service = business.service(answers.service_id or "")
    place = business.place(answers.place_id or ("" if slot is None else slot.place))
    # a form of an earlier file may name what is sold no more: then as it was named
    yield words.service_label, (answers.service_id or "") if service is None else service.name.say(language)
    yield words.place_label, "" if place is None else place.name.say(language)
    provider = business.provider(answers.provider_id)
    if answers.provider_id == ANYONE:
        yield words.who_label, say("provider.row.anyone", language)
    elif provider is not None:
        yield words.who_label, provider.name.say(language)
    if slot is not None:
        yield words.day_label, times.long_day(slot.start, business.zone, language)
        yield words.time_label, times.clock(slot.start, business.zone, language)
    if answers.guests is not None:
        yield words.guests_label, say("booking.people", language, count=answers.guests)
    yield words.name_label, answers.name
    yield words.notes_label, " ".join(answers.notes.split())
