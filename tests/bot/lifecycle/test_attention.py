"""The machine of a row of attention: nothing waits for a person without a reason, an owner or a next look."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.business.attention import Escalation, OnCall
from bot.business.definition import Business
from bot.business.hours import Minute, OpeningSpan, Week
from bot.domain.attention import (
    REASONS,
    Attention,
    AttentionCause,
    AttentionEnd,
    AttentionSubject,
    HouseReason,
    Severity,
)
from bot.lifecycle import attention as machine
from bot.lifecycle.attention import AttentionRefusal, AttentionRefused, duty_of, policy_of
from bot.replies.attention import in_languages
from tests.bot.business.makers import sample

NIGHT: Final = datetime(2026, 12, 1, 15, 30, tzinfo=UTC)
"""23:30 in Bali."""
MINUTE: Final = timedelta(minutes=1)
ALWAYS = Week(daily=(OpeningSpan(Minute(0), Minute(1440)),))
DAYTIME = Week(daily=(OpeningSpan(Minute(540), Minute(1020)),))


def house(*people: OnCall, rules: tuple[Escalation, ...] = ()) -> Business:
    return replace(sample(), on_call=people, escalations=rules)


def person(name: str, hours: Week = ALWAYS) -> OnCall:
    return OnCall(name, "+6281200000001", hours)


TWO = house(person("Ayu"), person("Made"))


def cause(reason: str = "asked_for_person", since: datetime = NIGHT) -> AttentionCause:
    return AttentionCause("leads", reason, "", AttentionSubject.LEAD, since, thread="lead-a")


def row(business: Business = TWO, reason: str = "asked_for_person") -> Attention:
    return machine.opened(cause(reason), duty_of(business, reason, NIGHT))


def looked(known: Attention, at: datetime, business: Business = TWO) -> Attention:
    return machine.looked_at(known, duty_of(business, known.cause.reason, at))


def told(known: Attention) -> list[str]:
    return [one.who for one in known.asked]


def test_critical_is_told_at_once_and_the_next_after_the_deadline() -> None:
    first = looked(row(), NIGHT)
    assert (told(first), first.untold_since, first.next_at) == (["Ayu"], NIGHT, NIGHT + 15 * MINUTE)
    assert looked(first, NIGHT + 14 * MINUTE) == first, "not before its moment"
    assert told(looked(first, NIGHT + 15 * MINUTE)) == ["Ayu", "Made"]


def test_taken_it_is_nobody_elses_until_it_was_kept_too_long() -> None:
    known = looked(row(), NIGHT)
    mine = machine.taken(known, "Ayu", "on_call", duty_of(TWO, "asked_for_person", NIGHT + MINUTE))
    assert (mine.owner, mine.untold_since) == ("Ayu", None)
    assert looked(mine, NIGHT + 20 * MINUTE) == mine
    with pytest.raises(AttentionRefused) as refused:
        machine.taken(mine, "Made", None, duty_of(TWO, "asked_for_person", NIGHT + MINUTE))
    assert refused.value.why is AttentionRefusal.TAKEN
    assert machine.taken(mine, "Ayu", "on_call", duty_of(TWO, "asked_for_person", NIGHT + 2 * MINUTE)) == mine
    back = looked(mine, NIGHT + timedelta(hours=4, minutes=1))
    assert (back.owner, told(back)) == (None, ["Ayu"]), "what is kept too long comes back by itself"


def test_whoever_cannot_look_passes_it_on_at_once_and_only_their_own_telling() -> None:
    known = looked(row(), NIGHT)
    at = NIGHT + MINUTE
    passed = machine.passed_on(known, "Ayu", 1, duty_of(TWO, "asked_for_person", at))
    assert told(looked(passed, at)) == ["Ayu", "Made"]
    later = looked(passed, at)
    assert machine.passed_on(later, "Ayu", 1, duty_of(TWO, "asked_for_person", at)) == later


def test_the_end_wins_over_taking_and_only_an_owner_hears_of_it() -> None:
    known = looked(row(), NIGHT)
    over = machine.ended(known, AttentionEnd.GONE, NIGHT + MINUTE)
    assert (over.is_open, over.untold_since) == (False, None), "no late nag"
    with pytest.raises(AttentionRefused) as refused:
        machine.taken(over, "Ayu", None, duty_of(TWO, "asked_for_person", NIGHT))
    assert (refused.value.why, refused.value.row) == (AttentionRefusal.CLOSED, over)
    mine = machine.taken(known, "Ayu", None, duty_of(TWO, "asked_for_person", NIGHT))
    assert machine.ended(mine, AttentionEnd.GONE, NIGHT + MINUTE).untold_since is not None


def test_all_told_in_vain_are_told_again_and_then_left_to_the_morning() -> None:
    known, at, tellings = row(), NIGHT, 0
    for _ in range(12):
        known = looked(known, known.next_at)
        at = known.next_at
        tellings = known.stage
        if at - NIGHT > timedelta(hours=6):
            break
    assert tellings == 6, "two people, three rounds"
    zone = TWO.zone
    assert (at.astimezone(zone).hour, at.astimezone(zone).minute) == (8, 0)


def test_outside_everybodys_hours_it_says_that_nobody_is_on_duty() -> None:
    nobody = house(person("Ayu", DAYTIME))
    known = looked(row(nobody), NIGHT, nobody)
    assert (told(known), known.is_unheard) == ([], True)
    morning = datetime(2026, 12, 2, 1, 30, tzinfo=UTC)
    known = looked(replace(known, next_at=morning), morning, nobody)
    assert (told(known), known.is_unheard) == (["Ayu"], False)


def test_mild_is_never_told_by_itself_and_looked_at_each_morning() -> None:
    known = looked(row(reason="unknown_question"), NIGHT)
    assert (known.severity, told(known)) == (Severity.MILD, [])
    assert known.next_at.astimezone(TWO.zone).hour == 8


def test_the_first_escalation_that_fits_decides_and_names_choose_people() -> None:
    rules = (
        Escalation(on=("unknown_question",), answer_within=5, tell=("Made",)),
        Escalation(on=("any",), severity=Severity.MILD, answer_within=600),
    )
    business = house(person("Ayu"), person("Made"), rules=rules)
    known = looked(row(business, "unknown_question"), NIGHT, business)
    assert (told(known), known.next_at) == (["Made"], NIGHT + 5 * MINUTE)
    assert policy_of(business, "asked_for_person").severity is Severity.MILD
    assert not policy_of(business, "unknown_question").tells_webhook()


@pytest.mark.parametrize(
    ("hour", "is_told"), [("07:59", False), ("08:00", True), ("11:59", True), ("12:00", False), ("23:30", False)]
)
def test_the_owners_morning_is_told_in_the_four_hours_after_its_time_and_never_at_night(
    hour: str, is_told: bool
) -> None:
    local = datetime.combine(NIGHT, time.fromisoformat(hour), TWO.zone)
    assert machine.is_digest_time(TWO, local) is is_told


def test_the_same_cause_is_one_row_and_a_later_time_of_it_another() -> None:
    assert cause().id == cause().id
    assert cause().id != cause(since=NIGHT + MINUTE).id
    assert cause().id != cause("chargeback").id


STEPS = st.sampled_from(["look", "take", "take_other", "release", "pass", "retell", "bring"])


def stepped(known: Attention, step: str, at: datetime, business: Business) -> Attention:
    duty = duty_of(business, known.cause.reason, at)
    try:
        match step:
            case "take":
                return machine.taken(known, "Ayu", "on_call", duty)
            case "take_other":
                return machine.taken(known, "wayan", "operations", duty)
            case "release":
                return machine.released(known, duty)
            case "pass":
                return machine.passed_on(known, known.asked[-1].who if known.asked else "Ayu", known.stage, duty)
            case "retell":
                return machine.told_anew(known, replace(known.cause, due=at + MINUTE))
            case "bring":
                return machine.brought(known)
            case _:
                return machine.looked_at(known, duty)
    except AttentionRefused:
        return known


@given(
    st.sampled_from(REASONS),
    st.lists(st.tuples(STEPS, st.integers(0, 2000)), max_size=25),
    st.sampled_from([TWO, house(), house(person("Ayu", DAYTIME))]),
)
def test_nothing_waits_for_a_person_without_a_reason_an_owner_or_a_next_look(
    reason: str, steps: list[tuple[str, int]], business: Business
) -> None:
    known, at = machine.opened(cause(reason), duty_of(business, reason, NIGHT)), NIGHT
    for step, minutes in steps:
        at += minutes * MINUTE
        after = stepped(known, step, at, business)
        assert after.is_open, "only the end of its cause ends it"
        assert after == known or after.revision == known.revision + 1
        known = after
        due = stepped(known, "look", max(at, known.next_at), business)
        # whoever has it, it is looked at within a day and a half, and each look leads to a later one
        assert known.next_at - at <= timedelta(hours=36)
        assert due.next_at > max(at, known.next_at)
        assert due.owner is None
    assert known.cause.reason
    assert all(in_languages(known.cause.reason)[language] for language in ("en", "id", "vi"))
    assert not machine.ended(known, AttentionEnd.GONE, at).is_open


def test_every_reason_has_words_and_one_of_a_later_version_has_some() -> None:
    assert {reason: sorted(in_languages(reason)) for reason in REASONS} == {
        reason: ["en", "id", "vi"] for reason in REASONS
    }
    assert in_languages("roof_leaks") == in_languages("of_later_version")
    assert HouseReason.NOBODY_ON_DUTY.value in REASONS
