"""PENDING_CONFIRMATION: no money is asked for before somebody has said yes, and nobody is left waiting."""

from datetime import datetime, timedelta
from functools import cache
from typing import Final

import pytest

from bot.business import file
from bot.business.definition import Business
from bot.domain.acceptance import APPROVAL_TASK
from bot.domain.alarms import AlarmReason
from bot.domain.commands import OpenInvoice, SendButtons, SendLink, SendList
from bot.domain.events import StaffAction
from bot.domain.form_events import FormSubmitted
from bot.domain.ids import EventId
from bot.domain.languages import CODES
from bot.domain.money_orders import Settle
from bot.domain.states import LatePayment, Modification, State
from bot.domain.task import SERVICE_TASK, TaskKind, TaskState
from bot.domain.task_orders import EnsureTasks, WithdrawTasks
from bot.domain.timers import TimerKind, TimerName
from bot.replies.words import say
from payments.domain.allocations import CaseKind, OpenCase
from payments.domain.ids import PaymentKey
from payments.domain.money import Money
from tests.bot.business.makers import with_changes
from tests.bot.dialogue.states.talk import NOW, Talk

MASSAGE: Final = "kind: appointment\n    venue: guest_place\n    places: &villas"
CALL: Final = "kind: virtual\n    venue: online\n"
T = TaskState
_LATE: Final = (OpenCase(CaseKind.LATE, PaymentKey("p1"), Money(350_000, "IDR")),)


@cache
def asking(rule: str = "dispatch", where: str = MASSAGE) -> Business:
    """The sample, with a service that needs somebody's yes."""
    found = file.parse(with_changes((where, f"confirmation: {rule}\n    {where}")), "x")
    assert isinstance(found, Business), str(found)
    return found


def state_of(talk: Talk) -> State:
    return talk.booking.state


def ordered(rule: str = "dispatch") -> Talk:
    """A massage in Canggu, where both therapists come, tomorrow at eleven; the yes of the guest is said."""
    talk = Talk(asking(rule), pays=True)
    talk.writes("balinese massage 60 min at villa senja tomorrow at 11", "yes")
    assert state_of(talk) is State.PENDING_CONFIRMATION
    return talk


def links(talk: Talk) -> list[OpenInvoice]:
    return [order for order in talk.money if isinstance(order, OpenInvoice)]


def due(talk: Talk, kind: TimerKind) -> datetime | None:
    return talk.lead.due_at(TimerName(kind, talk.booking.reference))


# Asked --------------------------------------------------------------------------------------------------------------


def test_the_time_is_kept_its_providers_are_asked_and_no_money_is() -> None:
    talk = ordered()
    booking, plan = talk.booking, talk.planned
    assert booking.booked_hold is not None
    assert links(talk) == []
    assert booking.awaiting == {SERVICE_TASK: T.OPEN}
    assert plan is not None
    assert plan.plan_no == booking.plan_no == 1
    (task,) = plan.planned
    assert (task.kind, task.who, task.candidates) == (TaskKind.SERVICE, None, ("ayu", "komang"))
    assert (task.at_once, task.answer_minutes) == (True, None)
    assert booking.acceptance is not None
    assert task.answer_by == booking.acceptance.answer_by == talk.now + timedelta(minutes=60)
    assert due(talk, TimerKind.ANSWER_BY) == task.answer_by + timedelta(minutes=2)
    assert due(talk, TimerKind.PAY_BY) is None
    assert "Nothing to pay before that" in talk.last
    assert "10:0" in talk.last  # until when


def test_one_after_the_other_each_has_their_own_time_to_answer() -> None:
    one_by_one = "dispatch\n    offer: { at_once: false, answer_within: 20 }"
    plan = ordered(one_by_one).planned
    assert plan is not None
    assert [(task.at_once, task.answer_minutes) for task in plan.planned] == [(False, 20)]


def test_the_names_of_those_who_may_be_asked_are_not_promised_with_the_times() -> None:
    talk = Talk(asking(), pays=True).writes("balinese massage 60 min at villa senja tomorrow")
    assert "Ayu" not in talk.last
    assert "Ayu" in Talk(pays=True).writes("balinese massage 60 min at villa senja tomorrow").last


def test_who_is_wished_by_name_is_asked_alone() -> None:
    talk = Talk(asking(), pays=True).writes("balinese massage 60 min with Komang at villa senja tomorrow at 11")
    assert "with Komang Wellness" in talk.last
    plan = talk.writes("yes").planned
    assert plan is not None
    assert [task.candidates for task in plan.planned] == [("komang",)]


def test_the_search_leaves_time_to_pay() -> None:
    talk = Talk(asking(), pays=True, now=NOW)
    # three hours of notice, ninety minutes of them to pay
    talk.writes("balinese massage 60 min at villa senja today at 12:30", "yes")
    assert talk.booking.acceptance is not None
    slot = talk.booking.chosen
    assert slot is not None
    assert talk.booking.acceptance.answer_by <= slot.start - timedelta(minutes=90)


def test_a_form_ends_where_the_chat_does() -> None:
    talk = Talk(asking(), pays=True).writes("hello")
    slot = "balinese-massage|ayu|20261103T0700Z|villa-senja"
    talk.tell(FormSubmitted(EventId("form"), talk.now, "balinese-massage", slot, "form:hold", 1, "Sari"))
    assert state_of(talk) is State.PENDING_CONFIRMATION
    assert talk.booking.booked_hold == "form:hold"
    assert links(talk) == []
    assert "Nothing to pay before that" in talk.last


# A yes --------------------------------------------------------------------------------------------------------------


def test_the_first_yes_brings_the_link_and_the_time_of_whoever_said_it() -> None:
    talk = ordered().work(T.OFFERED).work(T.TAKEN, "komang")
    booking = talk.booking
    assert (booking.state, booking.awaiting) == (State.PAYMENT_PENDING, {})
    assert booking.chosen is not None
    assert booking.chosen.provider == "komang"
    assert booking.chosen.slot_id == f"balinese-massage|komang|{booking.chosen.slot_id.split('|')[2]}|villa-senja"
    (link,) = links(talk)
    assert {payee.payee for payee in link.terms.payees} >= {"provider:komang", "place:villa-senja"}
    # the time to pay begins with the yes
    assert booking.pay_by == talk.now + timedelta(minutes=120)
    assert "Komang Wellness has said yes" in "\n".join(str(one) for one in talk.said[-2:])
    assert isinstance(talk.said[-1], SendLink)
    assert due(talk, TimerKind.ANSWER_BY) is None


def test_told_again_a_yes_changes_nothing_and_paid_the_job_is_theirs() -> None:
    talk = ordered().work(T.TAKEN, "komang")
    before, said = talk.booking, len(talk.said)
    talk.work(T.TAKEN, "komang")
    assert (talk.booking, len(talk.said)) == (before, said)
    plan = talk.planned
    assert plan is not None
    # nobody hears that it is theirs before the money
    assert [task.who for task in plan.planned] == [None]
    talk.pay()
    plan = talk.planned
    assert (talk.booking.state, plan is not None and plan.planned[0].who) == (State.CONFIRMED, "komang")
    assert plan is not None
    # given back later the others are asked again, with as much time as the first had
    assert (plan.planned[0].candidates, plan.planned[0].answer_by) == (("ayu", "komang"), None)
    assert plan.planned[0].answer_minutes == 60


def test_what_costs_nothing_is_confirmed_by_the_yes() -> None:
    talk = Talk(asking("manual", CALL)).writes("planning call tomorrow at 10", "yes")
    assert state_of(talk) is State.PENDING_CONFIRMATION
    assert "Nothing to pay before" not in talk.last
    talk.work(T.TAKEN, "dewi", APPROVAL_TASK)
    assert state_of(talk) is State.CONFIRMED
    assert "our team has said yes" in talk.last
    assert "Booked" in talk.last


def test_the_house_says_yes_by_taking_its_task_and_no_by_withdrawing_it() -> None:
    talk = ordered("manual\n    offer: { role: host }")
    plan = talk.planned
    assert plan is not None
    (task,) = plan.planned
    assert (task.template, task.kind, task.role, task.candidates) == (APPROVAL_TASK, TaskKind.APPROVAL, "host", ())
    assert dict(task.title)["en"] == "Say yes or no: Balinese massage 60 min"
    # a person is reminded half way
    assert task.begins_at == task.due_at - timedelta(minutes=30)
    talk.work(T.TAKEN, "dewi", APPROVAL_TASK)
    assert state_of(talk) is State.PAYMENT_PENDING
    assert talk.booking.chosen is not None
    assert talk.booking.chosen.provider == "ayu"
    plan = talk.planned
    assert plan is not None
    assert [(one.template, one.is_over) for one in plan.planned] == [(APPROVAL_TASK, True)]
    refused = ordered("manual").work(T.WITHDRAWN, template=APPROVAL_TASK)
    assert refused.booking.change is not None
    assert links(refused) == []


def test_other_work_and_news_of_an_earlier_arrangement_say_nothing_of_it() -> None:
    talk = ordered().work(T.TAKEN, "dewi", "by-hand-1").work(T.TAKEN, "ayu", plan_no=0)
    assert state_of(talk) is State.PENDING_CONFIRMATION


# Nobody -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["news", "silence"])
def test_nobody_brings_other_times_or_the_end_and_a_person_sees_it(how: str) -> None:
    talk = ordered()
    was = talk.booking.chosen
    if how == "news":
        talk.work(T.UNFILLED)
    else:
        talk.rings(TimerKind.ANSWER_BY)
    booking = talk.booking
    assert (booking.state, booking.awaiting) == (State.PENDING_CONFIRMATION, {SERVICE_TASK: T.UNFILLED})
    assert links(talk) == []
    assert isinstance(talk.said[-1], SendList)
    assert "nobody is free" in talk.last
    assert booking.change is not None
    assert len(booking.change.offered) in {2, 3}
    assert was is not None
    assert all(slot.start != was.start for slot in booking.change.offered)
    assert [alarm.reason for alarm in talk.lead.alarms].count(AlarmReason.TASK_UNFILLED) >= 1
    # told again, or by its other way, it is asked once
    said = len(talk.said)
    talk.work(T.UNFILLED)
    assert len(talk.said) == said
    assert due(talk, TimerKind.ANSWER_BY) is None


def test_another_time_is_asked_for_anew_and_paid_after_the_yes() -> None:
    talk = ordered().work(T.UNFILLED).taps_row(0)
    booking = talk.booking
    assert (booking.state, booking.awaiting) == (State.PENDING_CONFIRMATION, {SERVICE_TASK: T.OPEN})
    assert (booking.plan_no, booking.modification) == (2, Modification.CONFIRMED)
    assert links(talk) == []
    assert "I am asking who is free" in talk.last
    assert talk.lead.alarms == ()
    talk.work(T.TAKEN, "ayu")
    assert state_of(talk) is State.PAYMENT_PENDING
    talk.pay()
    assert state_of(talk) is State.CONFIRMED


def test_who_does_not_choose_in_time_has_it_called_off_kindly_and_pays_nothing() -> None:
    talk = ordered().work(T.UNFILLED).rings(TimerKind.CHANGE_SILENCE)
    assert talk.lead.bookings == ()
    (ended,) = [one.booking for one in talk.recorded[-1:]]
    assert (ended.state, ended.cancelled_by) == (State.CANCELLED, "system")
    assert talk.money == []
    assert any(isinstance(order, WithdrawTasks) for order in talk.orders)


def test_a_yes_that_comes_after_all_counts_as_long_as_nothing_else_is_settled() -> None:
    talk = ordered().rings(TimerKind.ANSWER_BY).work(T.TAKEN, "ayu")
    assert (talk.booking.state, talk.booking.change) == (State.PAYMENT_PENDING, None)
    assert talk.booking.modification is Modification.WITHDRAWN
    assert talk.lead.alarms == ()


# The guest meanwhile ------------------------------------------------------------------------------------------------

HOW_IT_STANDS: Final = {
    "en": (
        "already?",
        "any update?",
        "who comes?",
        "how long?",
        "still nothing?",
        "ok",
        "how do I pay?",
        "can I pay now?",
    ),
    "id": (
        "gimana kak?",
        "sudah?",
        "udah ada yang bisa?",
        "berapa lama?",
        "oke",
        "bayarnya gimana?",
        "bisa bayar sekarang?",
    ),
    "vi": ("sao rồi ạ?", "có ai nhận chưa?", "bao lâu?", "xác nhận chưa?", "thanh toán sao ạ?", "ai đến ạ?"),
}
NO_MORE: Final = {"en": "cancel", "id": "jangan", "vi": "đừng"}


def in_language(code: str) -> Talk:
    talk = ordered()
    talk.lead = talk.lead.conversing(language=code, language_chosen=True)
    return talk


@pytest.mark.parametrize(("code", "words"), [(code, one) for code in CODES for one in HOW_IT_STANDS[code]])
def test_who_asks_hears_how_it_stands_in_their_language(code: str, words: str) -> None:
    talk = in_language(code).writes(words)
    assert say("acceptance.unpaid", code) in talk.last
    assert state_of(talk) is State.PENDING_CONFIRMATION


@pytest.mark.parametrize("code", CODES)
def test_who_wants_it_no_more_is_asked_and_then_it_is_over_and_nobody_works_for_it(code: str) -> None:
    talk = in_language(code).writes(NO_MORE[code])
    assert isinstance(talk.said[-1], SendButtons)
    assert state_of(talk) is State.PENDING_CONFIRMATION
    talk.taps_row(0)
    assert talk.lead.bookings == ()
    withdrawn = [order for order in talk.orders if isinstance(order, WithdrawTasks)]
    assert [(order.plan_no, order.reason) for order in withdrawn] == [(1, "customer_request")]
    assert talk.money == []
    assert not [name for name in talk.lead.timers if name.startswith(TimerKind.ANSWER_BY)]


def test_where_is_my_booking_tells_how_it_stands() -> None:
    talk = ordered().writes("my booking")
    assert "I am asking who is free" in talk.last
    talk.work(T.UNFILLED).writes("my booking")
    assert "Nobody is free then" in talk.last


def test_another_day_is_asked_for_in_place_of_the_old_one() -> None:
    talk = ordered().writes("can we make it thursday at 15:00 instead?")
    assert "nothing to pay before somebody has said yes" in talk.last
    talk.taps_row(0)
    booking, plan = talk.booking, talk.planned
    assert (booking.state, booking.plan_no) == (State.PENDING_CONFIRMATION, 2)
    assert plan is not None
    assert booking.chosen is not None
    assert (plan.plan_no, plan.planned[0].due_at) == (2, booking.chosen.end)
    # a yes to the time of before says nothing of this one
    talk.work(T.TAKEN, "ayu", plan_no=1)
    assert links(talk) == []
    talk.work(T.TAKEN, "ayu")
    assert len(links(talk)) == 1


def test_moved_after_the_yes_it_needs_another_and_the_old_link_ends() -> None:
    talk = ordered().work(T.TAKEN, "ayu").writes("can we make it thursday at 15:00 instead?").taps_row(0)
    assert [type(order).__name__ for order in talk.money] == ["OpenInvoice"], "until then it stands as it is"
    talk.work(T.TAKEN, "komang", f"{SERVICE_TASK}~C1")
    assert {type(order).__name__ for order in talk.money} == {"OpenInvoice", "CloseInvoice"}
    assert len(links(talk)) == 2
    talk.pay()
    assert state_of(talk) is State.CONFIRMED


def test_a_block_of_one_of_those_who_are_asked_asks_the_guest_nothing() -> None:
    talk = ordered()
    slot, said = talk.booking.chosen, len(talk.said)
    assert slot is not None
    facts = {"block": "B1", "resource": f"provider:{slot.provider}", "cause": "partner", "reason": "ill"}
    hours = {"from": slot.start.isoformat(), "to": slot.end.isoformat()}
    talk.staff(StaffAction.BLOCK, **facts, **hours)
    assert (len(talk.said), talk.booking.change) == (said, None)


# After the yes ------------------------------------------------------------------------------------------------------


def test_given_back_before_the_money_another_one_takes_it_and_is_paid() -> None:
    talk = ordered().work(T.TAKEN, "ayu").work(T.TAKEN, "komang")
    assert "Komang Wellness" in talk.last
    assert talk.booking.chosen is not None
    assert (talk.booking.state, talk.booking.chosen.provider) == (State.PAYMENT_PENDING, "komang")
    talk.pay()
    # the link was still the first one's: its money is shared as it is now
    settled = [order for order in talk.money if isinstance(order, Settle)]
    assert [{payee.payee for payee in order.terms.payees} >= {"provider:komang"} for order in settled] == [True]


def test_given_back_before_the_money_and_nobody_else_the_link_ends() -> None:
    talk = ordered().work(T.TAKEN, "ayu").work(T.UNFILLED)
    assert state_of(talk) is State.PENDING_CONFIRMATION
    assert [type(order).__name__ for order in talk.money] == ["OpenInvoice", "CloseInvoice"]
    assert "nobody is free" in talk.last


def test_given_back_while_the_link_is_out_it_is_paid_and_confirmed_by_the_next_yes_alone() -> None:
    talk = ordered().work(T.TAKEN, "ayu").work(T.OPEN, by="partner:ayu").work(T.OFFERED).pay()
    assert (state_of(talk), talk.booking.awaiting) == (State.PENDING_CONFIRMATION, {SERVICE_TASK: T.OFFERED})
    assert "your payment for Balinese massage" in talk.last
    assert "What you have paid stays with it" in talk.last
    assert due(talk, TimerKind.ANSWER_BY) is not None
    talk.work(T.TAKEN, "komang")
    assert state_of(talk) is State.CONFIRMED
    assert "Komang Wellness has said yes" in talk.last
    assert "Paid and confirmed" in talk.last
    settled = [order for order in talk.money if isinstance(order, Settle)]
    assert [{payee.payee for payee in order.terms.payees} >= {"provider:komang"} for order in settled] == [True]


def test_given_back_while_the_link_is_out_paid_and_nobody_else_all_of_it_comes_back() -> None:
    talk = ordered().work(T.TAKEN, "ayu").work(T.OPEN, by="partner:ayu").pay().rings(TimerKind.ANSWER_BY)
    assert "all of your money back" in talk.last
    talk.taps_row(-1)
    assert talk.lead.bookings == ()
    (order,) = [order for order in talk.money if isinstance(order, Settle)]
    assert (order.keep.amount, order.is_end) == (0, True)


def test_what_was_told_late_of_the_time_before_the_yes_takes_nothing_back() -> None:
    talk = ordered().work(T.TAKEN, "ayu").work(T.OFFERED, by="partner:komang").work(T.OFFERED)
    assert talk.booking.acceptance is not None
    assert talk.booking.acceptance.is_given
    talk.pay()
    assert state_of(talk) is State.CONFIRMED


def test_given_back_after_the_money_another_one_comes_and_is_paid_in_their_place() -> None:
    talk = ordered().work(T.TAKEN, "ayu").pay().work(T.TAKEN, "komang")
    assert "Time and price stay as they are" in talk.last
    assert state_of(talk) is State.CONFIRMED
    settled = [order for order in talk.money if isinstance(order, Settle)]
    assert [{payee.payee for payee in order.terms.payees} >= {"provider:komang"} for order in settled] == [True]
    plan = talk.planned
    assert plan is not None
    assert (plan.planned[0].who, plan.plan_no) == ("komang", talk.booking.plan_no)


def test_given_back_after_the_money_and_nobody_else_brings_other_times_or_all_of_it_back() -> None:
    talk = ordered().work(T.TAKEN, "ayu").pay().work(T.UNFILLED)
    assert state_of(talk) is State.CONFIRMED
    assert AlarmReason.TASK_UNFILLED in {alarm.reason for alarm in talk.lead.alarms}
    assert "all of your money back" in talk.last
    moved = talk.taps_row(0)
    assert state_of(moved) is State.PENDING_CONFIRMATION
    assert "What you have paid stays with it" in moved.last
    # whose money it is, is known with the yes
    assert not [order for order in moved.money if isinstance(order, Settle)]
    moved.work(T.TAKEN, "komang")
    assert state_of(moved) is State.CONFIRMED
    settled = [order for order in moved.money if isinstance(order, Settle)]
    assert [{payee.payee for payee in order.terms.payees} >= {"provider:komang"} for order in settled] == [True]


def test_given_back_after_the_money_it_all_goes_back_to_who_wants_it() -> None:
    talk = ordered().work(T.TAKEN, "ayu").pay().work(T.UNFILLED).taps_row(-1)
    assert talk.lead.bookings == ()
    (order,) = [order for order in talk.money if isinstance(order, Settle)]
    assert (order.keep.amount, order.cause, order.is_end) == (0, "business", True)


def test_late_money_passes_a_yes_again_of_the_provider_it_was_paid_for() -> None:
    talk = ordered().work(T.TAKEN, "komang")
    account = talk.booking.account
    talk.rings(TimerKind.PAY_BY).closes(account)
    assert any(isinstance(order, WithdrawTasks) for order in talk.orders)
    talk.pay(account, open_cases=_LATE, is_late=True)
    again = talk.booking
    assert (again.state, again.late_payment) == (State.PENDING_CONFIRMATION, LatePayment.BOOKED_AGAIN)
    plan = [order for order in talk.orders if isinstance(order, EnsureTasks)][-1]
    assert plan.planned[0].candidates == ("komang",)
    assert type(talk.money[-1]).__name__ != "AcceptLateMoney"
    talk.work(T.TAKEN, "komang")
    assert state_of(talk) is State.PAYMENT_PENDING
    assert type(talk.money[-1]).__name__ == "AcceptLateMoney"


def test_late_money_that_nobody_says_yes_to_waits_for_another_time() -> None:
    talk = ordered().work(T.TAKEN, "komang")
    account = talk.booking.account
    talk.rings(TimerKind.PAY_BY).closes(account)
    talk.pay(account, open_cases=_LATE, is_late=True).work(T.UNFILLED)
    assert talk.booking.late_payment in {LatePayment.TIME_TAKEN, LatePayment.CHOOSING}
    assert talk.booking.booked_hold is None
    assert due(talk, TimerKind.LATE) is not None
