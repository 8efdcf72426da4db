"""Bookings move in one place, judged, and their history says under which verdict."""

import ast
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings

import bot
from bot.dialogue.decide import decide
from bot.dialogue.denials import DENIED
from bot.domain.booking import Booking, Move, OfferedSlot
from bot.domain.commands import Fit, Lane, RecordAudit, RecordBooking, ReleaseHolds
from bot.domain.events import (
    Event,
    LeadsMerged,
    PaymentNewsCame,
    SlotBooked,
    SlotsFound,
    StaffAction,
    StaffAsked,
    TimerFired,
)
from bot.domain.ids import BookingReference, EventId
from bot.domain.lead import Address, Lead
from bot.domain.outcome import Decision
from bot.domain.states import CLOSED, PaymentStatus, State
from bot.lifecycle import apply
from bot.lifecycle.apply import TransitionDenied
from bot.lifecycle.tables import LIFECYCLE, is_legal, not_built
from bot.lifecycle.verdicts import Actor
from bot.replies.reasons import FACTS
from intents.understanding import Intent, Language
from payments.domain.invoice import InvoiceStatus
from payments.domain.money import Money
from payments.domain.news import PaymentNews
from tests.bot.anything import BOOKINGS, EVENTS, LEADS, NEWS
from tests.bot.makers import NOW, a_lead, context, meaning, wrote
from tests.bot.paying import PRICE, REFERENCE, a_booking, a_customer, body, chat, paid, told, waiting

ROOT = Path(bot.__file__).parents[1]
LATER = replace(context(), now=NOW + timedelta(hours=1))
S = State


def at(state: State, **changes: object) -> Booking:
    return replace(a_booking(), state=state, cancellation_reason="ill", reschedule_reason="ill", **changes)  # type: ignore[arg-type]


def moved_records(decision: Decision) -> list[dict[str, str]]:
    records = [effect.command for effect in decision.effects if effect.lane is Lane.RECORD]
    return [
        dict(one.facts) | {"by": one.by}
        for one in records
        if isinstance(one, RecordAudit) and one.what == "booking_moved"
    ]


def refused_records(decision: Decision) -> list[dict[str, str]]:
    records = [effect.command for effect in decision.effects]
    return [dict(one.facts) for one in records if isinstance(one, RecordAudit) and one.what == DENIED]


# One move -------------------------------------------------------------------------------------------------------------


def test_an_allowed_move_arrives_with_every_rule_that_was_asked() -> None:
    before = at(S.SLOT_PROPOSED)
    after = apply.move(a_lead(), before, S.SLOT_CONFIRMED, Actor.CUSTOMER, context())
    asked = (
        "transition",
        "appointment_slot",
        "explicit_confirmation",
        "slot_available",
        "appointment_date",
        "permission",
    )
    assert after.moves == (Move(S.SLOT_PROPOSED, S.SLOT_CONFIRMED, "customer", asked),)
    assert after.state is S.SLOT_CONFIRMED
    assert before.moves == ()


@pytest.mark.parametrize("state", State)
def test_a_move_outside_the_table_is_refused_even_to_a_fact(state: State) -> None:
    before = at(state, previous_state=S.INQUIRY)
    for target in set(State) - LIFECYCLE[state]:
        for way in (apply.move, apply.happened):
            with pytest.raises(TransitionDenied) as refused:
                way(a_lead(), before, target, Actor.SYSTEM, context())
            assert refused.value.verdict.rules == ("transition",)


def test_a_refusal_says_which_rules_said_no() -> None:
    with pytest.raises(TransitionDenied) as refused:
        apply.move(a_lead(), at(S.SLOT_PROPOSED, chosen=None), S.SLOT_CONFIRMED, Actor.CUSTOMER, context())
    assert [one.rule for one in refused.value.verdict.reasons] == ["appointment_slot"]


def test_a_fact_moves_against_the_rules_and_says_which() -> None:
    unpaid = at(S.PAYMENT_PENDING, paid=None)
    with pytest.raises(TransitionDenied):
        apply.move(a_lead(), unpaid, S.PAID, Actor.WEBHOOK, context())
    after = apply.happened(a_lead(), unpaid, S.PAID, Actor.WEBHOOK, context())
    assert (after.state, after.moves[-1].overridden) == (S.PAID, ("payment_received",))


@pytest.mark.parametrize("state", State)
def test_only_a_detour_remembers_where_it_came_from(state: State) -> None:
    for target in LIFECYCLE[state]:
        if not_built(state, target) is not None or not_built(state) is not None:
            continue
        moved = apply.happened(a_lead(), at(state), target, Actor.SYSTEM, context())
        assert moved.state is target
        assert moved.previous_state == (state if target in {S.RESCHEDULED, S.ERROR} else None)


# In the history ----------------------------------------------------------------------------------------------------


def test_a_payment_is_two_moves_each_with_its_verdict() -> None:
    steps = moved_records(told(waiting(), paid()))
    assert [(one["from"], one["to"], one["by"], one["verdict"]) for one in steps] == [
        ("PAYMENT_PENDING", "PAID", "webhook", "allowed"),
        ("PAID", "CONFIRMED", "webhook", "allowed"),
    ]
    assert steps[0]["rules"] == "transition payment_received permission"


def test_money_that_the_rules_did_not_expect_is_booked_as_overridden_by_fact() -> None:
    lead = waiting()
    dearer = replace(lead.bookings[0], due=Money(PRICE.amount + 1, "IDR"))
    decision = told(lead.with_booking(dearer), paid())
    assert decision.lead.bookings[0].state is S.CONFIRMED
    first = moved_records(decision)[0]
    assert (first["to"], first["verdict"], first["overridden"]) == ("PAID", "overridden", "payment_received")


def test_a_new_booking_has_its_beginning_in_its_history() -> None:
    decision = decide(a_lead(), wrote(meaning(Intent.BOOK)), context())
    (begun,) = moved_records(decision)
    assert (begun["from"], begun["to"], begun["by"], begun["verdict"]) == ("", "INQUIRY", "customer", "allowed")


def test_what_is_stored_of_a_booking_has_no_moves_of_its_own() -> None:
    decision = told(waiting(), paid())
    (recorded,) = [one.command.booking for one in decision.effects if isinstance(one.command, RecordBooking)]
    assert recorded.moves == decision.lead.bookings[0].moves == ()
    assert recorded == decision.lead.bookings[0]


def test_a_merge_moves_nothing() -> None:
    younger = replace(a_customer(at(S.CONFIRMED)), id="lead-2")  # type: ignore[arg-type]
    assert moved_records(told(a_customer(), LeadsMerged(EventId("m"), NOW, younger))) == []


# Refused ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", Language)
def test_a_time_that_has_passed_cannot_be_changed_by_the_customer_and_is_told_so(language: Language) -> None:
    lead = a_customer(at(S.CONFIRMED, booked_hold="hold-1"), language)
    gone = replace(context(), now=NOW + timedelta(days=3))
    decision = decide(lead, wrote(meaning(Intent.RESCHEDULE, language)), gone)
    (said,) = chat(decision)
    assert FACTS["time_past"][language] in body(said)
    assert REFERENCE in body(said)
    assert decision.lead.bookings == lead.bookings
    assert decision.lead.conversation.waits_for_person
    (record,) = refused_records(decision)
    assert (record["state"], record["target"], record["rule"]) == ("CONFIRMED", "RESCHEDULED", "appointment_date")


def test_a_refused_step_still_hears_the_customer_and_keeps_its_timers_in_order() -> None:
    lead = replace(a_customer(at(S.CONFIRMED, booked_hold="hold-1")), name=None)
    gone = replace(context(), now=NOW + timedelta(days=3))
    decision = decide(lead, wrote(meaning(Intent.RESCHEDULE), at=NOW + timedelta(days=3)), gone)
    assert decision.lead.conversation.last_inbound_at == NOW + timedelta(days=3)


def test_what_staff_may_not_do_changes_nothing_and_is_recorded() -> None:
    lead = a_customer(at(S.CONFIRMED, booked_hold="hold-1"))
    asked = StaffAsked(EventId("staff:1"), NOW, "operations", StaffAction.SHOW_UP, REFERENCE, (("came", "true"),))
    decision = told(lead, asked)
    assert decision.lead.bookings == lead.bookings
    assert [one["rule"] for one in refused_records(decision)] == ["appointment_passed"]


def test_times_found_for_somebody_we_cannot_reach_are_let_go() -> None:
    lead = replace(a_customer(at(S.SERVICE_SELECTED, explicitly_confirmed=False)), address=Address())
    slot = replace(a_booking().offered[0], hold_id="hold-7")
    decision = told(lead, SlotsFound(EventId("done:1:0"), NOW, REFERENCE, (slot, slot), Fit.WISHED))
    assert ReleaseHolds(("hold-7", "hold-7")) in [effect.command for effect in decision.effects]
    assert decision.lead.bookings == lead.bookings


def test_a_time_that_has_come_while_it_was_being_booked_is_let_go_and_others_are_looked_for() -> None:
    lead = a_customer(at(S.SLOT_PROPOSED))
    slot: OfferedSlot = replace(a_booking().offered[0], hold_id="hold-1")
    decision = decide(lead, SlotBooked(EventId("done:1:0"), NOW, REFERENCE, slot), replace(context(), now=slot.start))
    orders = [effect.command for effect in decision.effects]
    assert ReleaseHolds(("hold-1",)) in orders
    assert any(
        effect.lane is Lane.SLOTS and not isinstance(effect.command, ReleaseHolds) for effect in decision.effects
    )
    assert decision.lead.bookings[0].state is S.SLOT_PROPOSED


# Laws ---------------------------------------------------------------------------------------------------------------


@settings(max_examples=100, deadline=None)
@given(LEADS, EVENTS)
def test_whatever_happens_every_move_is_a_row_of_the_table_and_has_a_verdict(lead: Lead, event: Event) -> None:
    decision = decide(lead, event, LATER)
    steps = moved_records(decision)
    known = {one.reference: one.state for one in lead.bookings}
    if isinstance(event, LeadsMerged):
        known = {one.reference: one.state for one in event.younger.bookings} | known
    for step in steps:
        assert step["verdict"] in {"allowed", "overridden"}
        assert step["rules"].split()
        origin, target = known.get(BookingReference(step["booking"])), State(step["to"])
        assert step["from"] == (origin or "")
        assert origin is None or is_legal(origin, target)
        known[BookingReference(step["booking"])] = target
    recorded = [effect.command.booking for effect in decision.effects if isinstance(effect.command, RecordBooking)]
    for booking in (*recorded, *decision.lead.bookings):
        assert known[booking.reference] is booking.state


@settings(max_examples=100, deadline=None)
@given(LEADS, EVENTS)
def test_a_refused_move_leaves_every_booking_where_it_was(lead: Lead, event: Event) -> None:
    decision = decide(lead, event, LATER)
    if refused_records(decision):
        assert moved_records(decision) == []
        assert _open(decision.lead) == _open(lead)
        assert not isinstance(event, TimerFired) or event.name not in decision.lead.timers


def _open(lead: Lead) -> dict[BookingReference, State]:
    return {one.reference: one.state for one in lead.bookings if one.state not in CLOSED}


@settings(max_examples=100, deadline=None)
@given(LEADS, BOOKINGS, NEWS)
def test_money_that_is_all_there_is_never_refused(lead: Lead, booking: Booking, news: PaymentNews) -> None:
    unpaid = replace(booking, state=S.PAYMENT_PENDING, payment_status=PaymentStatus.PENDING)
    all_there = replace(news, reference=unpaid.account, status=InvoiceStatus.PAID, is_late=False)
    decision = decide(replace(lead, bookings=(unpaid,)), PaymentNewsCame(EventId("n"), NOW, all_there), LATER)
    assert refused_records(decision) == []
    (after,) = decision.lead.bookings
    assert (after.state, after.payment_status) == (S.CONFIRMED, PaymentStatus.PAID)


# The house --------------------------------------------------------------------------------------------------------


def called(tree: ast.AST) -> Iterator[tuple[str, set[str | None], int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            yield name, {one.arg for one in node.keywords}, node.lineno


def test_nobody_but_moves_puts_a_booking_into_a_state() -> None:
    """A booking's state is written by `replace(…, state=…)` or by making one; both only in `bot/lifecycle/apply.py`."""
    wrong = []
    for package in ("bot", "webhooks"):
        for path in sorted((ROOT / package).rglob("*.py")):
            for name, keywords, line in called(ast.parse(path.read_text("utf-8"))):
                writes = name in {"replace", "Booking"} and keywords & {"state", "previous_state", "moves"}
                if (writes or name == "_moved") and path != ROOT / "bot" / "lifecycle" / "apply.py":
                    wrong.append(f"{path.relative_to(ROOT)}:{line}")
    assert wrong == [f"bot/domain/outcome.py:{line}" for line in settled_lines()]


def settled_lines() -> list[int]:
    """Where the decision hands the moves over to the audit, and takes them off the booking."""
    tree = ast.parse((ROOT / "bot" / "domain" / "outcome.py").read_text("utf-8"))
    return [line for name, keywords, line in called(tree) if name == "replace" and keywords == {"moves"}]


def test_verdicts_are_asked_for_by_moves_alone() -> None:
    asking = [
        path.relative_to(ROOT).as_posix()
        for package in ("bot", "webhooks")
        for path in sorted((ROOT / package).rglob("*.py"))
        if any(name == "evaluate" for name, _, _ in called(ast.parse(path.read_text("utf-8"))))
    ]
    assert asking == ["bot/lifecycle/apply.py"]
