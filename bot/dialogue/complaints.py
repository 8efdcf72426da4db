"""What a guest says was wrong with a visit: opened by their words, in anger or after a low score, with the pictures
they send; it waits for a person's answer, and is late when there is none in time.

A person's side is in `bot.dialogue.complaint_answers`.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.business.context import Context
from bot.dialogue import takeover, went_wrong
from bot.dialogue.customer_turn import CustomerTurn
from bot.dialogue.matching import services_named
from bot.domain.alarms import AlarmReason
from bot.domain.complaints import MOST_COMPLAINTS, MOST_PHOTOS, Complaint, KeepPhoto, Picture, RecordComplaint
from bot.domain.contents import Media
from bot.domain.events import CustomerWrote, TimerFired
from bot.domain.lead import Lead
from bot.domain.outcome import EffectRequest, Outcome
from bot.domain.states import IN_PROGRESS
from bot.domain.timers import TimerKind, TimerName, read_timer
from bot.domain.visits import BY_CUSTOMER, Visit
from bot.lifecycle import complaints as lifecycle
from bot.lifecycle.visits import visits
from bot.replies import complaints as words

COMPLAINED: Final = "complained"
"""The audit's name."""
PICTURES_BEFORE: Final = timedelta(hours=1)
"""Pictures that came so shortly before the words belong to them."""
_PICTURE: Final = "image"


# Said by the guest --------------------------------------------------------------------------------------------------


def answer(lead: Lead, turn: CustomerTurn, context: Context, about: Visit | None = None) -> Outcome:
    """Angry words: a person is called at once, and where a visit is meant they are a complaint about it."""
    visit = about or _meant(lead, turn, context)
    if visit is None:
        known = [one for one in visits(lead, turn.at) if not lifecycle.may_complain(one, context.business, turn.at)]
        called = takeover.asked_for_person(lead, turn.at, context, "talk.complaint")
        # kindly: a person reads it, and nothing is promised any more
        return _saying(called, words.too_late(called.lead, context)) if known and not lead.open_booking else called
    lead = said(lead, visit, turn.text, turn.at, context)
    called = takeover.asked_for_person(lead, turn.at, context, "talk.complaint")
    complaint = lead.complaint(visit.reference)
    if complaint is None or not complaint.is_open:
        return called
    return _saying(called, words.opened(called.lead, complaint, context))


def noted(lead: Lead, turn: CustomerTurn, context: Context) -> Outcome | None:
    """Words without anger that say what went wrong with a visit: a complaint, and the bot goes on; none where there is
    no visit they could be about, or something is being booked."""
    booking = lead.open_booking
    if turn.tap is not None or not went_wrong.says_so(turn.text) or (booking and booking.state in IN_PROGRESS):
        return None
    visit = _meant(lead, turn, context)
    if visit is None:
        return None
    lead = said(lead.conversing(misunderstood=0, greeted=True), visit, turn.text, turn.at, context)
    complaint = lead.complaint(visit.reference)
    if complaint is None or not complaint.is_open:
        # answered before: what comes after it is a person's
        return takeover.asked_for_person(lead, turn.at, context, "talk.complaint")
    return Outcome(lead).requesting(words.heard(lead, complaint, context))


def _saying(called: Outcome, said: EffectRequest) -> Outcome:
    """The same call for a person, in other words."""
    requests = tuple(replace(said, hands_over=True) if one.hands_over else one for one in called.requests)
    return replace(called, requests=requests)


def told(
    lead: Lead, visit: Visit, said_words: str, at: datetime, context: Context
) -> tuple[Lead, EffectRequest | None]:
    """What went wrong, after a low score; what is answered to it, none where it is too long ago for a complaint."""
    if not lifecycle.may_complain(visit, context.business, at):
        return lead, None
    lead = said(lead, visit, said_words, at, context)
    complaint = lead.complaint(visit.reference)
    return lead, words.heard(lead, complaint, context) if complaint is not None and complaint.is_open else None


def said(lead: Lead, visit: Visit, text: str, now: datetime, context: Context, by: str = BY_CUSTOMER) -> Lead:
    """The lead with that said of the visit: a new complaint, or more words of the one that is open. An answered one
    stays as it was answered."""
    known = lead.complaint(visit.reference)
    if known is None:
        if sum(one.is_open for one in lead.complaints) >= MOST_COMPLAINTS:
            return lead
        pictures = tuple(one for one in lead.recent_pictures if now - one.sent_at <= PICTURES_BEFORE)
        known = lifecycle.opened(visit, by, now, context.business).with_photos(pictures)
    return lead.with_complaint(known.with_words(text)) if known.is_open else lead


def _meant(lead: Lead, turn: CustomerTurn, context: Context) -> Visit | None:
    """The visit that angry words are about: the one of the service they name, else the last one, while there is
    time for it."""
    at = turn.received_at
    known = [one for one in visits(lead, turn.at) if lifecycle.may_complain(one, context.business, at)]
    named = {service.id for service in services_named(context.business, turn.text)}
    fitting = [one for one in known if one.service in named] or known
    return fitting[-1] if fitting else None


def with_pictures(lead: Lead, event: CustomerWrote, context: Context) -> Lead:
    """The lead with the pictures of these bubbles at its open complaint, whoever has the conversation; without one
    they are remembered for a while, since many send the picture first and say then what was wrong."""
    sent = [(bubble.content, bubble.sent_at) for bubble in event.bubbles]
    pictures = tuple(
        Picture(content.media_id, content.mime_type, at)
        for content, at in sent
        if isinstance(content, Media) and content.what == _PICTURE
    )
    if not pictures:
        return lead
    complaint = open_one(lead)
    if complaint is not None:
        return lead.with_complaint(complaint.with_photos(pictures))
    if any(lifecycle.may_complain(visit, context.business, event.at) for visit in visits(lead, event.at)):
        return replace(lead, recent_pictures=(*lead.recent_pictures, *pictures)[-MOST_PHOTOS:])
    return lead


def open_one(lead: Lead) -> Complaint | None:
    """The complaint that was opened last and waits for an answer."""
    return next((one for one in reversed(lead.complaints) if one.is_open), None)


def picture_heard(lead: Lead, context: Context) -> EffectRequest | None:
    """What is said to a picture alone, where it belongs to a complaint."""
    complaint = open_one(lead)
    return None if complaint is None else words.photo(lead, complaint, context)


# In time and late ---------------------------------------------------------------------------------------------------


def late(lead: Lead, event: TimerFired, context: Context) -> Outcome:
    """The answer that was promised by now has not come: somebody is told once more."""
    timer = read_timer(event.name)
    complaint = None if timer is None else lead.complaint(timer.reference)
    if complaint is None or not complaint.is_open:
        return Outcome(lead)
    return Outcome(lead.alarmed(AlarmReason.COMPLAINT_LATE, event.at, complaint.reference))


def follow(before: Lead, outcome: Outcome, context: Context) -> Outcome:
    """Follower: an open complaint waits for a person until its deadline, its pictures are kept, and everybody who may
    read of its booking knows how it stands; an answered one waits for nobody."""
    lead = outcome.lead
    for complaint in lead.complaints:
        was = before.complaint(complaint.reference)
        if complaint == was:
            continue
        if was is None and complaint.is_open:
            due = TimerName(TimerKind.COMPLAINT, complaint.reference)
            lead = lead.alarmed(AlarmReason.COMPLAINT, context.now, complaint.reference, complaint.answer_by)
            lead = lead.with_timer(due, complaint.answer_by)
            facts = {"booking": str(complaint.reference), "until": complaint.answer_by.isoformat()}
            outcome = outcome.recording(COMPLAINED, complaint.by, context.now, **facts)
        known = () if was is None else was.photos
        for picture in complaint.photos:
            if picture not in known:
                outcome = outcome.requesting(EffectRequest(KeepPhoto(complaint.reference, picture)))
        # without the words, which stay with whoever said them
        outcome = outcome.requesting(EffectRequest(RecordComplaint(complaint.without_words(), context.now)))
    for name in lead.timers:
        timer = read_timer(name)
        if timer is not None and timer.kind is TimerKind.COMPLAINT and not _waits(lead, timer.reference):
            lead = lead.without_timer(name)
    return outcome if lead is outcome.lead else replace(outcome, lead=lead)


def _waits(lead: Lead, reference: str) -> bool:
    complaint = lead.complaint(reference)
    return complaint is not None and complaint.is_open
