"""Escalations and people on call in the business file: every way to write one that tells nobody, and open minutes."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from bot.business import file
from bot.business.attention import open_minutes_later
from bot.business.contacts import contacts, roles_of
from bot.business.definition import Business
from bot.business.hours import DaysOff, Minute, OpeningSpan, Week
from bot.domain.attention import Severity
from tests.bot.business.makers import SAMPLE

BALI = ZoneInfo("Asia/Makassar")
ON_CALL = """
on_call:
  - { name: Ayu, phone: "+6281200000901", hours: { daily: ["00:00-24:00"] }, language: id, account: ayu@example.com }
  - { name: Made, phone: "+6281200000902", hours: { daily: ["18:00-09:00"] } }
escalations:
  - { on: [chargeback, payout_stuck], answer_within: 60, tell: [Made, webhook] }
  - { on: [any], severity: mild, answer_within: 1440 }
"""


def parsed(*changes: tuple[str, str]) -> Business | dict[str, str]:
    """The sample with these, or what is wrong with it by path."""
    text = ON_CALL
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    found = file.parse(SAMPLE + text, "business.yaml")
    if isinstance(found, Business):
        return found
    return {problem.path: f"{problem.what}; {problem.fix}" for problem in found.items}


def test_who_is_on_call_is_known_by_their_number_and_may_be_somebody_else_as_well() -> None:
    business = parsed(('"+6281200000902"', '"+6281200000101"'))
    assert isinstance(business, Business)
    assert [rule.severity for rule in business.escalations] == [Severity.CRITICAL, Severity.MILD]
    roles = roles_of(business, "+6281200000901")
    assert roles is not None
    assert (roles.name, roles.language, roles.on_call, roles.workers) == ("Ayu", "id", ("Ayu",), ())
    both = roles_of(business, "+6281200000101")
    assert both is not None
    assert both.on_call == ("Made",)
    assert both.workers or both.places
    assert len([one for one in contacts(business) if one.phone == "+6281200000901"]) == 1


def test_what_would_never_happen_or_tell_nobody_is_a_mistake_with_its_remedy() -> None:
    cases = {
        ("payout_stuck", "payout_stuk"): ("escalations[0].on[1]", "did you mean `payout_stuck`?"),
        ("[any]", "[chargeback]"): ("escalations[1].on[0]", "is decided by an escalation above this one"),
        ("[Made,", "[Mad,"): ("escalations[0].tell[0]", "did you mean `Made`?"),
        ("name: Made", "name: Ayu"): ("on_call[1].name", "`Ayu` is there twice"),
        ("name: Made", "name: webhook"): ("on_call[1].name", "is a word of `tell`"),
        ('phone: "+6281200000902"', 'phone: "+6281200000902", account: AYU@example.com'): (
            "on_call[1].account",
            "is somebody else's above",
        ),
        ('{ daily: ["18:00-09:00"] }', "{ daily: [] }"): ("on_call[1].hours", "are never"),
        ("severity: mild,", "severity: mild, tell: [webhook],"): ("escalations[1].tell", "has no effect"),
        ("answer_within: 60", "answer_within: 1"): ("escalations[0].answer_within", "5"),
        ('phone: "+6281200000902"', 'phone: "0812"'): ("on_call[1].phone", "phone number"),
    }
    for change, (path, words) in cases.items():
        found = parsed(change)
        assert isinstance(found, dict), change
        assert words in found.get(path, ""), (change, found)


def test_minutes_are_counted_while_the_house_is_open() -> None:
    hours = Week(daily=(OpeningSpan(Minute(8 * 60), Minute(12 * 60)), OpeningSpan(Minute(13 * 60), Minute(21 * 60))))

    def due(since: datetime, minutes: int, *closed: date) -> datetime:
        off = tuple(DaysOff(day, day) for day in closed)
        found = open_minutes_later(hours, off, since.astimezone(UTC), minutes, BALI)
        assert found is not None
        return found.astimezone(BALI)

    def at(day: int, hour: int, minute: int = 0) -> datetime:
        return datetime(2026, 12, day, hour, minute, tzinfo=BALI)

    assert due(at(1, 9), 30) == at(1, 9, 30)
    assert due(at(1, 11, 50), 30) == at(1, 13, 20), "the lunch break is nobody's waiting"
    assert due(at(1, 20, 45), 30) == at(2, 8, 15), "and so is the night"
    assert due(at(1, 23), 30, date(2026, 12, 2)) == at(3, 8, 30), "and a day on which the house rests"
    assert open_minutes_later(Week(), (), at(1, 9), 30, BALI) is None
    over_midnight = Week(daily=(OpeningSpan(Minute(18 * 60), Minute(26 * 60)),))
    assert open_minutes_later(over_midnight, (), at(2, 1, 50), 30, BALI) == at(2, 18, 20)
