"""Rules of the house in the conversation: refused in the customer's words, on record under the rule's id."""

from dataclasses import dataclass, replace

import pytest

from bot.business.context import Context
from bot.business.staff import TaskDue, TaskEdge
from bot.business.timers import BookingTimer
from bot.business.words import LocalizedText
from bot.dialogue.denials import DENIED
from bot.domain.alarms import AlarmReason
from bot.domain.commands import OfferSlots, SendButtons, SendText
from bot.domain.ids import LeadId
from bot.domain.lead import Lead
from bot.domain.states import State
from bot.domain.timers import TimerKind
from bot.lifecycle import apply
from bot.lifecycle.verdicts import Actor
from bot.replies.reasons import in_words
from tests.bot.business.test_house_rules import read
from tests.bot.dialogue.states.talk import Talk
from tests.bot.makers import HERE

LARGE = (
    "id: large, for: [private-chef], when: { guests_from: 8 }, block: true, "
    'text: { en: "Write to us for eight or more.", id: "Untuk delapan orang, tulis ke kami.", '
    'vi: "Từ tám người, xin viết cho chúng tôi." }'
)
CHEF = "private chef at Villa Karang on friday evening for 9 people"
CALL = "book the free planning call tomorrow morning"


@dataclass
class Ruled(Talk):
    """A conversation with a house that has rules."""

    @property
    def denied(self) -> list[tuple[str, str, str]]:
        facts = [dict(one.facts) for one in self.records if one.what == DENIED]
        return [(one["target"], one["rule"], one["fact"]) for one in facts]

    @property
    def has_looked(self) -> bool:
        return any(isinstance(order, OfferSlots) for order in self.orders)


def ruled(*rules: str, says: tuple[str, ...] = ()) -> Ruled:
    talk = Ruled(business=read(*rules))
    talk.writes(*says)
    return talk


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (CHEF, "Write to us for eight or more."),
        ("pesan private chef di Villa Karang jumat malam untuk 9 orang", "Untuk delapan orang, tulis ke kami."),
    ],
)
def test_a_block_refuses_in_the_customers_language_before_times_are_looked_for(words: str, said: str) -> None:
    talk = ruled(LARGE, says=(words,))
    assert talk.last == said
    assert not talk.has_looked
    assert talk.denied == [("SLOT_PROPOSED", "large", "house_rule")]
    assert talk.booking.state is State.SERVICE_SELECTED
    assert talk.lead.alarms == ()


def test_what_is_refused_stays_open_for_another_wish() -> None:
    talk = ruled(LARGE, says=(CHEF, "then for 6 people"))
    assert talk.has_looked
    assert talk.booking.guests == 6
    assert talk.booking.state is State.SLOT_PROPOSED


def test_another_service_has_nothing_to_do_with_it() -> None:
    assert ruled(LARGE, says=(CALL,)).has_looked


def test_a_rule_about_the_time_refuses_the_time_and_another_is_asked_for() -> None:
    talk = ruled('id: dear, when: { price_from: 1 }, block: true, text: { en: "Too dear.", id: "Mahal.", vi: "Đắt." }')
    talk.writes("private chef at Villa Karang on friday evening for 4 people")
    assert talk.booking.state is State.SLOT_PROPOSED
    talk.taps_row(0)
    assert talk.last.startswith("Too dear.\n")
    assert talk.booking.chosen is None
    assert talk.denied == [("SLOT_CONFIRMED", "dear", "house_rule")]


def test_a_warning_holds_nothing_back_and_is_for_staff_alone() -> None:
    talk = ruled('id: note, warn: true, text: { en: "Mind the dog.", id: "Awas.", vi: "Chó." }')
    talk.writes(CALL).taps_row(0)
    judged = apply.judged(talk.lead, talk.booking, State.SLOT_PROPOSED, Actor.SALES, Context(talk.now, talk.business))
    assert judged.allowed
    assert "note" in judged.rules
    (warning,) = in_words(judged.warnings, "en")
    assert (warning.rule, warning.fact) == ("note", "Mind the dog.")
    talk.writes("yes")
    assert talk.booking.state is State.CONFIRMED
    assert not any("dog" in str(order) for order in talk.said)


def test_what_is_needed_and_whatsapp_does_not_tell_calls_a_person() -> None:
    talk = ruled('id: numbers, need: phone, text: { en: "Show us your number.", id: "Nomor?", vi: "Số?" }')
    talk.lead = Lead(LeadId("lead"), replace(HERE, wa_id=None, user_id="ID.abc"))
    talk.writes(CALL)
    assert talk.last == "Show us your number."
    assert talk.denied == [("SLOT_PROPOSED", "numbers", "field_missing")]
    assert [alarm.reason for alarm in talk.lead.alarms] == [AlarmReason.STEP_DENIED]
    known = ruled('id: numbers, need: phone, text: { en: "Show us your number.", id: "Nomor?", vi: "Số?" }')
    known.writes(CALL)
    assert known.has_looked


def test_what_is_needed_mildly_only_shows() -> None:
    talk = ruled('id: numbers, need: phone, severity: warn, text: { en: "No number.", id: "Nomor?", vi: "Số?" }')
    talk.lead = Lead(LeadId("lead"), replace(HERE, wa_id=None, user_id="ID.abc"))
    talk.writes(CALL)
    assert talk.has_looked


def test_the_reminder_of_the_day_before_says_what_a_rule_adds_for_such_bookings_alone() -> None:
    bring = 'text: { en: "Bring your passport.", id: "Bawa paspor.", vi: "Mang hộ chiếu." }'
    talk = ruled(f"id: bring, for: [virtual], remind: true, {bring}", f"id: not, for: [stay], remind: true, {bring}")
    talk.writes("book the free planning call on friday morning").taps_row(0).writes("yes")
    talk.rings(TimerKind.REMIND).rings(TimerKind.DAY_BEFORE)
    assert talk.last.count("Bring your passport.") == 1


def test_outside_the_window_a_template_says_it_too_where_the_reminder_asks_and_where_it_does_not() -> None:
    bring = 'text: { en: "Bring your passport", id: "Bawa paspor.", vi: "Mang hộ chiếu." }'
    eat = 'text: { en: "Please do not eat!", id: "Jangan makan.", vi: "Đừng ăn." }'
    talk = ruled(f"id: bring, remind: true, {bring}", f"id: eat, remind: true, {eat}")
    talk.writes(CALL.replace("tomorrow", "friday")).taps_row(0).writes("yes")
    for kind, name in ((TimerKind.REMIND, "day_before"), (TimerKind.DAY_BEFORE, "asking")):
        talk.rings(kind)
        order = talk.said[-1]
        assert isinstance(order, SendText | SendButtons)
        assert order.outside is not None
        assert order.outside.name == f"janji_remind_{name}_also"
        assert "Bring your passport. Please do not eat!" in order.outside.parameters
    talk.rings(TimerKind.HOURS_BEFORE)
    (soon,) = [order.outside for order in talk.said[-1:] if isinstance(order, SendText)]
    assert soon is not None
    assert soon.name == "janji_remind_hours_before"


def test_what_is_said_after_the_visit_asks_nobody_to_bring_anything() -> None:
    talk = ruled('id: bring, remind: true, text: { en: "Bring your passport.", id: "Bawa.", vi: "Mang." }')
    thanks = BookingTimer("thanks", TaskDue(after=TaskEdge.START), text=LocalizedText("Thank you!", "Ya!", "Cảm ơn!"))
    talk.business = replace(talk.business, timers=(thanks,))
    talk.writes(CALL).taps_row(0).writes("yes").rings(TimerKind.REMIND)
    assert talk.last == "Thank you!"


def test_a_booking_that_has_its_time_is_judged_by_no_rule_of_the_house() -> None:
    talk = Ruled().writes(CALL).taps_row(0).writes("yes")
    no = '{ en: "No.", id: "Tidak.", vi: "Không." }'
    talk.business = read(f"id: all, when: {{ guests_from: 1 }}, block: true, text: {no}")
    context = Context(talk.now, talk.business)
    assert talk.booking.state is State.CONFIRMED
    for target in State:
        judged = apply.judged(talk.lead, talk.booking, target, Actor.SYSTEM, context)
        assert "all" not in judged.rules
