"""Words that answer whether they come, where no list of plain yes and no tells: "I'm coming", a button typed, an hour.

They count while the question is the last thing asked of a booking that stands; what is not understood then asks it
again, with its buttons.
"""

import re
import unicodedata
from dataclasses import replace
from datetime import date, datetime, time, tzinfo
from typing import Final

from bot.business.context import Context
from bot.dialogue.changes import turns
from bot.dialogue.customer_turn import CustomerTurn
from bot.dialogue.matching import is_one_of, names_only, services_named
from bot.dialogue.states import coming
from bot.domain.booking import Booking
from bot.domain.lead import Lead
from bot.domain.outcome import Outcome
from bot.domain.states import UPCOMING
from bot.replies import coming as words
from bot.replies.words import in_all
from intents.dates.values import DateValue
from intents.understanding import Confidence, Intent

_COMING: Final = (
    *("coming", "will come", "i'll come", "we'll come", "be there", "attend", "will attend", "see you"),
    *("can't wait", "datang", "hadir", "sampai jumpa", "sampai ketemu", "otw", "đến", "tới", "qua", "có mặt"),
    *("hẹn gặp", "dạ có"),
)
_AROUND: Final = (
    *("yes", "yep", "yeah", "ok", "okay", "sure", "of course", "definitely", "i", "i'm", "im", "we", "we're"),
    *("are", "am", "will", "i'll", "we'll", "be", "to", "the", "then", "soon", "thanks", "thank you", "for"),
    *("at", "on", "it", "still", "ya", "iya", "oke", "siap", "pasti", "saya", "aku", "kami", "kita", "akan"),
    *("tetap", "jadi", "bisa", "kok", "kak", "insyaallah", "insya allah", "nanti", "makasih", "terima kasih"),
    *("ke", "sana", "pada", "có", "vâng", "dạ", "ừ", "được", "dc", "mình", "em", "anh", "chị", "tôi", "sẽ"),
    *("chắc chắn", "vẫn", "nhé", "nha", "ạ", "cảm ơn", "vào", "lúc", "nhà", "bên"),
)
"""Words next to it that add nothing."""
_NO_MATTER: Final = re.compile(
    r"\b(?:no (?:problem|worries)|(?:ti?da?k|ga?k?|ngg?ak?) (?:masalah|apa[- ]?apa)"
    r"|kh[oô]ng (?:sao|v[aấ]n [dđ][eề] g[iì]))\b"
)
"""A no in it is none."""
_AT_A_LOSS: Final = frozenset({Intent.CONFIRM, Intent.REJECT, Intent.OOS, Intent.REPEAT, Intent.CHOOSE_SLOT})
"""Readings that say nothing where no time is offered and nothing else is asked."""


def said(lead: Lead, turn: CustomerTurn, context: Context) -> Outcome | None:
    """What such words bring: as the button they name, a yes, or the change to the hour they name; none for others."""
    booking = _asked(lead, turn)
    if booking is None or "?" in turn.text:
        return None
    label = next((one for one in ("yes", "change", "no") if is_one_of(turn.text, _labels(one))), None)
    if label is not None:
        return _tapped(lead, booking, turn, label, context)
    meant, zone = turn.understanding.entities, context.business.zone
    if meant.guests or meant.ordinal or meant.nights or meant.excluded or meant.doubts or meant.relations:
        return None
    is_its_time = all(_is_its_time(one, booking, zone) for one in meant.dates)
    if is_its_time and _says_so(turn, context):
        return _tapped(lead, booking, turn, "yes", context)
    names_hour = turn.understanding.intent is Intent.CHOOSE_SLOT and bool(meant.dates) and not is_its_time
    if names_hour and not services_named(context.business, turn.text):
        # it brings a quote, which needs its own yes
        meant_so = replace(turn.understanding, intent=Intent.RESCHEDULE, confidence=Confidence.ACT)
        return turns.begin_alteration(lead, booking, replace(turn, understanding=meant_so), context)
    return None


def asked_back(lead: Lead, turn: CustomerTurn, context: Context) -> Outcome | None:
    """The question once more, for words that say nothing we understand; the second time what can be done is shown."""
    booking, meant = _asked(lead, turn), turn.understanding
    if booking is None or lead.conversation.misunderstood or turn.says_facts:
        return None
    is_lost = meant.intent in _AT_A_LOSS and (meant.intent, meant.confidence) != (Intent.OOS, Confidence.ACT)
    # "running ten minutes late" sounds like a thing to buy, and names none
    is_lost = is_lost or (meant.intent is Intent.CHOOSE_SERVICE and not services_named(context.business, turn.text))
    if not is_lost and meant.confidence is not Confidence.ASK_BACK:
        return None
    if meant.intent is Intent.REPEAT and meant.confidence is Confidence.ACT:
        return Outcome(lead).requesting(words.asked_for(lead, booking, context))
    return Outcome(lead.conversing(misunderstood=1)).requesting(words.not_understood(lead, booking))


def _asked(lead: Lead, turn: CustomerTurn) -> Booking | None:
    """The booking of which they were asked last, where nothing else is asked or in progress."""
    talk = lead.open_booking
    if turn.tap is not None or turn.spoken or talk is None or talk.state not in UPCOMING:
        return None
    if any(one.open_question is not None or one.change is not None for one in lead.bookings):
        return None
    ahead = (one for one in lead.bookings if one.state in UPCOMING)
    return coming.asked_last(one for one in ahead if one.chosen is not None and one.chosen.start > turn.at)


def _labels(which: str) -> tuple[str, ...]:
    return tuple(in_all(f"coming.button.{which}").values())


def _tapped(lead: Lead, booking: Booking, turn: CustomerTurn, which: str, context: Context) -> Outcome | None:
    tap = {"yes": words.YES_TAP, "change": words.CHANGE_TAP, "no": words.NO_TAP}[which]
    return coming.answer(lead, replace(turn, tap=f"{tap}{booking.reference}"), context)


def _says_so(turn: CustomerTurn, context: Context) -> bool:
    """Whether a yes or that they come is all there is, next to a time."""
    text = turn.text
    for one in turn.understanding.entities.dates:
        text = text.replace(one.text, " ")
    text = _NO_MATTER.sub(" ", unicodedata.normalize("NFC", text.casefold()).replace("’", "'"))
    return names_only(text, _COMING, _AROUND) or replace(turn, text=text).says_yes()


def _is_its_time(value: DateValue, booking: Booking, zone: tzinfo) -> bool:
    """Whether that day or hour is the booking's own, in one of its readings."""
    start = None if booking.chosen is None else booking.chosen.start.astimezone(zone)
    if start is None or value.bound is not None:
        return False
    return any(_is_same(one.value, start) for one in (value, *value.alternatives))


def _is_same(value: object, start: datetime) -> bool:
    match value:
        case datetime():
            return value.astimezone(start.tzinfo) == start
        case date():
            return value == start.date()
        case time():
            return (value.hour, value.minute) == (start.hour, start.minute)
        case _:
            return False
