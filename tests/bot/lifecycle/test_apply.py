"""Bookings move in one place, judged, and their history says under which verdict."""

import ast
import re
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings

import bot
from bot.business.context import Context
from bot.dialogue.abandonment import SILENT
from bot.dialogue.decide import decide
from bot.dialogue.denials import DENIED
from bot.domain.acceptance import Acceptance
from bot.domain.booking import Booking, Move, OfferedSlot
from bot.domain.change import Arrangement, Cause, ChangeKind, ChangeQuote
from bot.domain.commands import Lane, RecordAudit, RecordBooking, ReleaseHolds
from bot.domain.contents import Tap, Text
from bot.domain.events import (
    Event,
    LeadsMerged,
    SlotBooked,
    SlotMoved,
    SlotsFound,
    StaffAction,
    StaffAsked,
    TimerFired,
    timer_event_id,
)
from bot.domain.form_events import FormSubmitted
from bot.domain.ids import BookingReference, EventId
from bot.domain.lead import Address, Lead
from bot.domain.money_news import PaymentNewsCame
from bot.domain.offers import Fit
from bot.domain.outcome import Decision
from bot.domain.states import CLOSED, Dispute, PaymentStatus, State
from bot.domain.task import SERVICE_TASK, TaskState
from bot.domain.task_events import TaskNewsCame
from bot.domain.timers import TimerKind, TimerName
from bot.lifecycle import apply
from bot.lifecycle.apply import TransitionDenied
from bot.lifecycle.changes import begin_change
from bot.lifecycle.quotes import ChangeRequest, quote
from bot.lifecycle.tables import LIFECYCLE, Facet, is_legal, not_built
from bot.lifecycle.verdicts import Actor
from bot.replies import booking as words
from bot.replies.abandonment import GO_ON_TAP
from bot.replies.words import say
from intents.understanding import Intent, Language
from payments.domain.invoice import InvoiceStatus
from payments.domain.money import Money
from payments.domain.news import PaymentNews
from tests.bot.anything import BOOKINGS, EVENTS, LEADS, NEWS
from tests.bot.changing import CUSTOMER, START
from tests.bot.changing import slot as a_slot
from tests.bot.dialogue.states.test_awaiting_acceptance import asking
from tests.bot.makers import NOW, a_lead, context, meaning, wrote
from tests.bot.paying import PRICE, REFERENCE, SLOT, a_booking, a_customer, body, chat, paid, told, waiting
from tests.bot.paying import booked as booked_decision

ROOT = Path(bot.__file__).parents[1]
LATER = replace(context(), now=NOW + timedelta(hours=1))
S = State
PLANNING = "planning-call|concierge|20260304T0200Z|"


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
        if not_built(target, state) is not None or not_built(state) is not None:
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


def test_each_move_says_who_made_it_by_which_message_and_how_the_booking_was_then() -> None:
    decision = decide(a_lead(), wrote(meaning(Intent.BOOK), Text("a massage")), context())
    begun = moved_records(decision)[0]
    assert (begun["actor"], begun["event"], begun["messages"]) == ("customer", "customer_wrote", "m1-0")
    assert "a massage" not in str(moved_records(decision)), "the words stay in the transcript, sealed"
    lead = waiting()
    first = moved_records(told(lead, paid()))[0]
    assert (first["actor"], first["event"]) == ("webhook", "payment_news_came")
    assert "messages" not in first
    slot = lead.bookings[0].chosen
    assert slot is not None
    assert (first["service"], first["start"]) == (lead.bookings[0].service, slot.start.isoformat())
    assert first["provider"] == slot.provider


def test_who_of_the_house_did_it_stands_with_their_role() -> None:
    said = (("cause", "customer"), ("reason", "ill"), ("role", "operations"))
    asked = StaffAsked(EventId("s"), NOW, "ayu", StaffAction.CANCEL, REFERENCE, said)
    (moved,) = moved_records(told(waiting(), asked))
    assert (moved["by"], moved["role"], moved["actor"]) == ("ayu", "operations", "operations")
    assert set(moved["rules"].split()) > set(moved["overridden"].split())


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
    assert body(said) == say("change.denied.started", language)
    assert (decision.lead.bookings[0].state, decision.lead.bookings[0].chosen) == (S.CONFIRMED, SLOT)
    assert decision.lead.waits_for_person
    (record,) = [
        dict(effect.command.facts)
        for effect in decision.effects
        if isinstance(effect.command, RecordAudit) and effect.command.what == "change_denied"
    ]
    assert (record["kind"], record["reason"]) == ("time", "started")


def test_a_refused_step_still_hears_the_customer_and_keeps_its_timers_in_order() -> None:
    lead = replace(a_customer(at(S.CONFIRMED, booked_hold="hold-1")), name=None)
    gone = replace(context(), now=NOW + timedelta(days=3))
    decision = decide(lead, wrote(meaning(Intent.RESCHEDULE), at=NOW + timedelta(days=3)), gone)
    assert decision.lead.conversation.last_inbound_at == NOW + timedelta(days=3)


def test_what_staff_may_not_do_changes_nothing_and_is_recorded() -> None:
    lead = a_customer(at(S.CONFIRMED, booked_hold="hold-1"))
    asked = StaffAsked(EventId("staff:1"), NOW, "operations", StaffAction.SHOW_UP, REFERENCE, (("came", "true"),))
    decision = told(lead, asked)
    # the work of a booking that stands is planned by whatever is heard of it first
    (kept,) = decision.lead.bookings
    assert (replace(kept, plan_no=0),) == lead.bookings
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


MACHINES = {
    "Booking": {
        *("state", "previous_state", "moves", "payment_status", "late_payment", "modification", "dispute", "follow_up"),
        *("show_up", "documents", "items"),
    },
    "Conversation": {"mode", "epoch"},
}
"""The fields that a table moves."""


def writes_of_machines(source: str) -> list[int]:
    """Lines that write a field of a machine: by `replace`, by making the value, or by `conversing`."""
    machines = MACHINES["Booking"] | MACHINES["Conversation"]
    makers = {"replace", "conversing", *MACHINES}
    return [line for name, keywords, line in called(ast.parse(source)) if name in makers and keywords & machines]


def test_the_lint_below_sees_every_way_to_write_a_machine() -> None:
    for field in MACHINES["Booking"]:
        assert writes_of_machines(f"replace(booking, {field}=1)") == [1]
        assert writes_of_machines(f"booking.Booking('x', {field}=1)") == [1]
    for field in MACHINES["Conversation"]:
        assert writes_of_machines(f"lead.conversing({field}=1)") == [1]
    assert writes_of_machines("replace(booking, chosen=None)") == []


def test_every_machine_moves_in_apply_alone() -> None:
    wrong = []
    for package in ("bot", "webhooks"):
        for path in sorted((ROOT / package).rglob("*.py")):
            # a task's machine and a complaint's are applied next to their tables
            tables = ("apply.py", "tasks.py", "complaints.py")
            if path not in {ROOT / "bot" / "lifecycle" / name for name in tables}:
                lines = writes_of_machines(path.read_text("utf-8"))
                wrong += [f"{path.relative_to(ROOT)}:{line}" for line in lines]
    assert wrong == [f"bot/domain/outcome.py:{line}" for line in settled_lines()]


def settled_lines() -> list[int]:
    """Where the decision hands the moves over to the audit, and takes them off the booking."""
    tree = ast.parse((ROOT / "bot" / "domain" / "outcome.py").read_text("utf-8"))
    return [
        line for name, keywords, line in called(tree) if name == "replace" and keywords >= {"moves", "ended_changes"}
    ]


# What is drawn is written -----------------------------------------------------------------------------------------


def staff(action: StaffAction, by: str = "operations", at: datetime = NOW, **facts: str) -> StaffAsked:
    return StaffAsked(EventId(f"staff:{action}"), at, by, action, REFERENCE, tuple(facts.items()))


def written() -> Iterator[Decision]:
    """Decisions that between them make every move the product makes."""
    free = {"due": None, "price": None}
    yield told(a_customer(at(S.INQUIRY, service=None, chosen=None)), tapped(f"{words.SERVICE_TAP}planning-call"))
    for state in (S.SERVICE_SELECTED, S.SLOT_PROPOSED, S.RESCHEDULED):
        lead = a_customer(at(state, explicitly_confirmed=False))
        yield told(lead, SlotsFound(EventId("done:1:0"), NOW, REFERENCE, a_booking().offered, Fit.WISHED))
    other = FormSubmitted(EventId("form"), NOW, "planning-call", PLANNING, "hold-4", 1, "Sari")
    yield told(a_customer(at(S.SLOT_PROPOSED, explicitly_confirmed=False)), other)
    yield told(waiting(), paid())
    yield booked_decision(a_customer(at(S.SLOT_PROPOSED)))
    yield booked_decision(a_customer(at(S.SLOT_PROPOSED, **free)))
    for state in sorted(SILENT):
        name, due = f"{TimerKind.ABANDON}:{REFERENCE}", NOW + timedelta(days=7)
        silent = a_customer(at(state, explicitly_confirmed=False, last_activity_at=NOW)).with_timer(name, due)
        yield told(silent, TimerFired(timer_event_id(name, due), due, name, due))
    yield told(a_customer(at(S.ABANDONED)), tapped(f"{GO_ON_TAP}{REFERENCE}"))
    for state in (one for one in State if not_built(one) is None):
        yield told(a_customer(at(state)), staff(StaffAction.CANCEL, reason="ill"))
        yield told(a_customer(at(state)), staff(StaffAction.RESCHEDULE, reason="ill"))
        for came in ("true", "false"):
            yield told(a_customer(at(state)), staff(StaffAction.SHOW_UP, at=NOW + timedelta(days=3), came=came))
    stay = {"service": "kamboja-stay", "nights": 3, "price": PRICE, "due": PRICE, "paid": PRICE}
    stay |= {"chosen": OfferedSlot("stay", NOW, NOW + timedelta(days=3), None, "villa-kamboja", nights=3)}
    for state in (S.CONFIRMED, S.REMINDER_SENT):
        yield told(a_customer(at(state, **stay)), staff(StaffAction.CHECK_IN))
    yield told(a_customer(at(S.CHECKED_IN, **stay)), staff(StaffAction.CHECK_OUT))
    asked = Acceptance(SERVICE_TASK, NOW, 1, candidates=("ayu",))
    yes = TaskNewsCame(
        EventId("task"),
        NOW,
        REFERENCE,
        f"{REFERENCE}:{SERVICE_TASK}:1",
        TaskState.TAKEN,
        "ayu",
        False,
        False,
        1,
        who="ayu",
    )
    yield told(
        a_customer(at(S.PAYMENT_PENDING, acceptance=replace(asked, answer=TaskState.OFFERED), plan_no=1)), paid()
    )
    for cost in ({}, free):
        yield told(a_customer(at(S.PENDING_CONFIRMATION, acceptance=asked, plan_no=1, **cost)), yes)
    yield told_where_providers_are_asked(
        a_customer(at(S.SLOT_PROPOSED)),
        SlotBooked(EventId("done:3:0"), NOW, REFERENCE, replace(SLOT, hold_id="hold-1")),
    )
    for state in (S.SLOT_CONFIRMED, S.PAYMENT_PENDING, S.PENDING_CONFIRMATION, S.CONFIRMED, S.REMINDER_SENT):
        for price in (PRICE, Money(0, "IDR")):
            yield moved(at(state, booked_hold="hold-1", price=price, due=price))
    slot = a_booking().offered[0]
    day_before = slot.start - timedelta(hours=24)
    name = str(TimerName(TimerKind.DAY_BEFORE, REFERENCE))
    reminded = a_customer(at(S.CONFIRMED, **free)).with_timer(name, day_before)
    yield told(reminded, TimerFired(EventId("t"), day_before, name, day_before))


def told_where_providers_are_asked(lead: Lead, event: Event) -> Decision:
    return decide(lead, event, Context(now=event.at, business=asking()))


def moved(booking: Booking) -> Decision:
    """The time of an accepted change is theirs."""
    after = Arrangement("planning-call" if not booking.price else "balinese-massage", a_slot(START), 1)
    asking = begin_change(booking, ChangeKind.TIME, Cause.CUSTOMER, CUSTOMER, NOW)
    assert asking.change is not None
    found = quote(booking, ChangeRequest(ChangeKind.TIME, Cause.CUSTOMER, CUSTOMER, after), context())
    assert isinstance(found, ChangeQuote)
    accepted = replace(asking, change=replace(asking.change, after=after, quote=found, accepted_at=NOW))
    return told(a_customer(accepted), SlotMoved(EventId("done:2:0"), NOW, REFERENCE, "C1", after.slot))


def tapped(tap: str) -> Event:
    return wrote(meaning(Intent.OOS), Tap(tap, "x"))


def test_every_row_of_the_lifecycle_is_made_by_somebody_or_is_not_built() -> None:
    made = {(one["from"], one["to"]) for decision in written() for one in moved_records(decision) if one["from"]}
    drawn = {
        (state.value, target.value)
        for state, row in LIFECYCLE.items()
        for target in row
        if not_built(state) is None and not_built(target, state) is None
    }
    assert (made - drawn, drawn - made) == (set(), set())


def test_every_value_of_a_facet_is_set_by_somebody_or_is_not_built() -> None:
    source = "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "bot").rglob("*.py")))
    # a list: equal words of two facets are equal, and a set would keep one of them
    begin = [one.default for one in fields(Booking) if isinstance(one.default, StrEnum)]
    for facet in get_args(Facet):
        for value in facet:
            starts = any(value is one for one in begin)
            # what a bank decides is set by the name of its decision
            is_set = facet is Dispute or re.search(
                rf"(?:set_facet|end_change)\([^)]*{facet.__name__}\.{value.name}\b", source
            )
            assert starts or bool(is_set) is (not_built(value) is None), value


def test_verdicts_are_asked_for_by_moves_alone() -> None:
    asking = [
        path.relative_to(ROOT).as_posix()
        for package in ("bot", "webhooks")
        for path in sorted((ROOT / package).rglob("*.py"))
        if any(name == "evaluate" for name, _, _ in called(ast.parse(path.read_text("utf-8"))))
    ]
    assert asking == ["bot/lifecycle/apply.py"]
