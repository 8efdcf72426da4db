"""What a customer asks while booking and besides, by the names of answers that the business file holds.

A name says where the answer stands, never what it says: it is rendered when it is sent, from the file as it is then.
A model may name an answer where our own words find none; a name that is not in the file is no answer.
"""

from typing import Final

from bot.business.definition import Business
from bot.dialogue import receptionist
from bot.dialogue.customer_turn import CustomerTurn
from bot.dialogue.matching import (
    entries_meant,
    only_names_place,
    only_names_service,
    places_meant,
    says_one_of,
    services_meant,
    services_named,
)
from bot.domain.lead import Lead
from bot.domain.side_question import About, SideQuestion
from bot.domain.states import CLOSED, IN_PROGRESS, State
from intents.understanding import Confidence, Intent

ASKING: Final = frozenset({Intent.ASK_PRICE, Intent.ASK_INFO})
_MAY_ASK: Final = frozenset({Intent.HELP, Intent.PAY_HELP, Intent.OOS, Intent.BOOK, Intent.ASK_AVAILABILITY})
"""Read as something else, a message that names a question of the file by its own words still asks it."""
GUESS_BELOW: Final = 0.8

_HOUR_WORDS: Final = (
    *("opening hours", "open hours", "do you open", "do you close", "are you open", "business hours", "open until"),
    *("jam buka", "buka jam", "jam operasional", "tutup jam", "jam kerja", "buka sampai", "jam berapa buka"),
    *("mở cửa", "đóng cửa", "giờ làm việc", "mấy giờ mở", "mấy giờ đóng"),
)
_WHERE_WORDS: Final = (
    *("address", "where are you", "location", "where is it", "where is the", "how do i get there", "directions", "map"),
    *("alamat", "lokasi", "di mana", "dimana", "peta", "arah ke"),
    *("địa chỉ", "ở đâu", "chỗ nào", "bản đồ", "đường đi"),
)
_EXPECT_WORDS: Final = (
    *("what should i bring", "what do i need", "need to prepare", "should i prepare", "included", "include", "expect"),
    *("what do you bring", "do you bring", "need to bring"),
    *("termasuk", "disiapkan", "siapkan apa", "perlu bawa", "bawa apa", "harus bawa", "dapat apa"),
    *("bao gồm", "chuẩn bị", "mang theo", "mang gì", "gồm những gì"),
)
_HAVE_WORDS: Final = (
    *("do you do", "do you also do", "do you offer", "do you also offer", "do you have", "do you also have"),
    *("ada", "apakah ada", "có"),
)
_OFFER_WORDS: Final = (
    *("what services", "which services", "what do you offer", "what can i book", "what do you have", "service list"),
    *("layanan apa", "ada apa saja", "jasa apa", "daftar layanan", "bisa pesan apa"),
    *("dịch vụ gì", "những dịch vụ nào", "dịch vụ nào", "có những gì", "đặt được gì"),
)


def asked_in(turn: CustomerTurn, lead: Lead, business: Business) -> tuple[SideQuestion, ...]:
    """Every question in these words, in the order they were meant; none in a tap."""
    meant = turn.understanding
    if turn.tap is not None:
        return ()
    entry = _entry(turn, business)
    followed_up = receptionist.followed_up(turn, lead, business)
    if followed_up is not None:
        return (followed_up,)
    known = receptionist.asked_in(turn, lead, business)
    if known and entry is None:
        return known
    found: dict[SideQuestion, None] = {}
    for intent in meant.intents if meant.confidence is Confidence.ACT else ():
        if intent is Intent.ASK_PRICE:
            services: list[str] = [service.id for service in services_meant(business, turn.text)]
            model_named = business.service(turn.understanding.entities.service or "")
            if not services and model_named is not None:
                services = [model_named.id]
            booking = lead.open_booking
            if not services and booking is not None and booking.service is not None:
                services = [booking.service]
            asked = [SideQuestion(About.PRICE, service) for service in services] or [SideQuestion(About.PRICE)]
            found |= dict.fromkeys(asked)
        elif intent is Intent.ASK_INFO:
            one = entry or _built_in(turn, lead, business) or _guessed(turn, business)
            if one.about is not About.UNKNOWN or not _answers_us(turn, lead, business):
                found[one] = None
        elif intent is Intent.BOOKING_STATUS and intent is not meant.intent:
            found |= dict.fromkeys(_status(lead))
    pays = meant.intent is Intent.PAY_HELP and any(one.state is State.PAYMENT_PENDING for one in lead.bookings)
    may_ask = meant.intent in _MAY_ASK or meant.confidence is not Confidence.ACT
    if not found and entry is not None and may_ask and not pays:
        found[entry] = None
    return tuple(found)


def _entry(turn: CustomerTurn, business: Business) -> SideQuestion | None:
    """The one entry whose own words are said."""
    meant = entries_meant(business, turn.text)
    return SideQuestion(About.FAQ, meant[0].id) if len(meant) == 1 else None


def _answers_us(turn: CustomerTurn, lead: Lead, business: Business) -> bool:
    """Whether it is the name we asked for, of a service or a place, however it was read: that is no question."""
    booking = lead.open_booking
    if booking is None or booking.state not in IN_PROGRESS or booking.chosen is not None:
        return False
    services = services_meant(business, turn.text) if booking.service is None else ()
    places = places_meant(business.places, turn.text) if booking.place is None else ()
    names_service = len(services) == 1 and only_names_service(services[0], turn.text)
    return names_service or (len(places) == 1 and only_names_place(places[0], turn.text))


def _built_in(turn: CustomerTurn, lead: Lead, business: Business) -> SideQuestion | None:
    """What the other parts of the file answer: hours, places, what to expect, what is sold."""
    if says_one_of(turn.text, _HOUR_WORDS):
        return SideQuestion(About.HOURS)
    if says_one_of(turn.text, _OFFER_WORDS):
        return SideQuestion(About.OFFERS)
    service = _service(turn, lead, business)
    if service is not None and says_one_of(turn.text, _EXPECT_WORDS):
        return SideQuestion(About.EXPECT, service)
    if says_one_of(turn.text, _WHERE_WORDS):
        return SideQuestion(About.WHERE, service or "")
    meant = services_meant(business, turn.text)
    if len(meant) == 1 and says_one_of(turn.text, _HAVE_WORDS):
        return SideQuestion(About.EXPECT, meant[0].id)
    return None


def _service(turn: CustomerTurn, lead: Lead, business: Business) -> str | None:
    booking = lead.open_booking
    # with a booking only a whole name means another service
    meant = services_meant(business, turn.text) if booking is None else services_named(business, turn.text)
    if len(meant) == 1:
        return meant[0].id
    return None if booking is None else booking.service


def _guessed(turn: CustomerTurn, business: Business) -> SideQuestion:
    """What a model named, if the file knows it."""
    entry = business.entry(turn.understanding.entities.topic)
    if entry is None:
        return SideQuestion(About.UNKNOWN)
    return SideQuestion(About.FAQ, entry.id, is_guess=turn.understanding.score < GUESS_BELOW)


def _status(lead: Lead) -> tuple[SideQuestion, ...]:
    stands = [one for one in lead.bookings if one.state not in CLOSED and one.booked_hold is not None]
    return (SideQuestion(About.STATUS, str(stands[-1].reference)),) if stands else ()
