"""Who says that they will come late is heard: their provider gets their words, or a person does where nobody has the
job, and they come."""

import re
import unicodedata
from datetime import timedelta
from typing import Final

from bot.business.context import Context
from bot.dialogue import passing
from bot.dialogue.changes import status
from bot.dialogue.customer_turn import CustomerTurn
from bot.dialogue.states import coming
from bot.domain.booking import Booking
from bot.domain.coming import ComingAnswer
from bot.domain.lead import Lead
from bot.domain.outcome import Outcome
from bot.domain.states import UPCOMING
from bot.domain.task import SERVICE_TASK, task_id
from intents.understanding import Intent

BEFOREHAND: Final = timedelta(hours=36)
"""So long before its start somebody may already know it: since the reminder of the day before."""
_LATE: Final = re.compile(
    r"\brunning (?:a (?:bit|little) )?(?:late|behind)\b|\bstuck in traffic\b|\b(?:min(?:ute)?s?|hours?) late\b"
    r"|\b(?:i|we)(?:['’ ]?(?:m|re|ll)| am| are| will| might| may| could)\b[^.,;?!]{0,25}\blate\b"
    r"|\b(?:telat|terlambat|kena macet|kejebak macet)\b"
    r"|\b(?:đến|tới|bị|hơi|chắc|có thể) (?:muộn|trễ)\b|\b(?:muộn|trễ) (?:khoảng |tầm |độ )?(?:\d+|chút|xíu|một chút)"
    r"|\bden (?:muon|tre)\b|\b(?:muon|tre) (?:khoang |tam )?\d+ ?p|\bkẹt xe\b|\bket xe\b|\btắc đường\b"
)
_OF_OTHERS: Final = re.compile(
    r"\b(?:too late|you|your|he|she|they|nobody|(?:driver|therapist|sopir|terapis)\w*|kamu|anda|kalian|belum datang"
    r"|bạn đến|tài xế|nhân viên|muộn quá|trễ quá|quá muộn|quá trễ)\b"
)
"""Whoever else is late, or it is too late for something."""


def answer(lead: Lead, turn: CustomerTurn, context: Context) -> Outcome | None:
    """What comes of it; none where nobody says so, or nothing of theirs is near."""
    booking = _near(lead, turn, context)
    if booking is None or not _says_so(turn):
        return None
    heard = Outcome(lead.conversing(misunderstood=0))
    if booking.coming_now.answer is ComingAnswer.ASKED:
        heard = coming.noted(heard.lead, booking, ComingAnswer.YES, turn.at, context)
    # where nobody has the job, a person is called
    task = task_id(booking.reference, SERVICE_TASK, 1)
    return heard.requesting(*passing.passed(heard.lead, booking, task, turn, context))


def _near(lead: Lead, turn: CustomerTurn, context: Context) -> Booking | None:
    for booking in status.standing(lead):
        service, slot = context.business.service(booking.service or ""), booking.chosen
        is_met = service is not None and not service.is_stay and booking.state in UPCOMING
        if is_met and slot is not None and slot.start - BEFOREHAND <= turn.at < slot.end:
            is_asked = booking.change is not None or booking.open_question is not None
            return None if is_asked else booking
    return None


def _says_so(turn: CustomerTurn) -> bool:
    if turn.tap is not None or "?" in turn.text or turn.surely(Intent.CANCEL, Intent.RESCHEDULE, Intent.BOOK):
        return False
    text = unicodedata.normalize("NFC", turn.text.casefold())
    return _LATE.search(text) is not None and _OF_OTHERS.search(text) is None
