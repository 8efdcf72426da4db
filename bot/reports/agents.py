"""What each person did in conversations: taken over, answered, given back, and how long people waited for them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from bot.reports.figures import Figure, FigureUnit, ReportRow, RowKind, average, count, seconds
from bot.reports.messages import AGENT, MessageFact
from bot.reports.stories import Noted

ASKED: Final = "handed_over"
TAKEN: Final = "taken_over"
ECHOED: Final = "echoed"
GIVEN_BACK: Final = "released"
READ_FOR_AGENTS: Final = frozenset({ASKED, TAKEN, ECHOED, GIVEN_BACK})
NOBODY: Final = "unknown"
"""Whose words they were nobody wrote down: written without a takeover before."""


def agents(noted: Sequence[Noted], lines: Sequence[MessageFact]) -> tuple[Figure, ...]:
    """By person. Words belong to whoever had the conversation; a wait ends with the first of them."""
    told = sorted((one for one in noted if one.what in READ_FOR_AGENTS), key=lambda one: (one.at, one.id))
    theirs = sorted((line for line in lines if line.author == AGENT), key=lambda line: (line.at, line.id))
    histories: dict[str, list[Noted]] = defaultdict(list)
    for one in told:
        histories[one.lead].append(one)
    wrote: dict[str, list[ReportRow]] = defaultdict(list)
    for line in theirs:
        wrote[_owner(histories.get(line.lead, []), line.at)].append(line.row())
    waited, unanswered = _waits(histories, theirs)
    takes = [one for one in told if one.what in {TAKEN, ECHOED}]
    back = [one for one in told if one.what == GIVEN_BACK and one.fact("agent")]
    people = sorted({*wrote, *waited, *(one.fact("agent") for one in (*takes, *back))})
    asked = [one.row(RowKind.CONVERSATION) for one in told if one.what == ASKED]
    figures = [count("asked_for_person", asked), count("never_answered", unanswered)]
    figures.append(average("first_answer", FigureUnit.SECONDS, (row for rows in waited.values() for row in rows)))
    for person in people:
        mine = [one.row(RowKind.CONVERSATION) for one in takes if one.fact("agent") == person and one.what == TAKEN]
        given = [one.row(RowKind.CONVERSATION) for one in back if one.fact("agent") == person]
        figures += [
            count("taken_over", mine, person),
            count("answers", wrote.get(person, ()), person),
            count("given_back", given, person),
            average("first_answer_of", FigureUnit.SECONDS, waited.get(person, ()), person),
        ]
    return tuple(figures)


def _owner(history: Sequence[Noted], at: datetime) -> str:
    """Who had that conversation then."""
    owner = NOBODY
    for one in history:
        if one.at > at:
            break
        if one.what in {TAKEN, ECHOED}:
            owner = one.fact("agent")
        elif one.what == GIVEN_BACK:
            owner = NOBODY
    return owner


def _waits(
    histories: Mapping[str, Sequence[Noted]], theirs: Sequence[MessageFact]
) -> tuple[dict[str, list[ReportRow]], list[ReportRow]]:
    """From each wish for a person to that conversation's next word of one; and the wishes nobody has answered."""
    spoken: dict[str, list[MessageFact]] = defaultdict(list)
    for line in theirs:
        spoken[line.lead].append(line)
    waited: dict[str, list[ReportRow]] = defaultdict(list)
    unanswered: list[ReportRow] = []
    for lead, history in histories.items():
        for asked in (one for one in history if one.what == ASKED):
            answer = next((line for line in spoken.get(lead, ()) if line.at >= asked.at), None)
            if answer is None:
                unanswered.append(asked.row(RowKind.CONVERSATION))
            else:
                waited[_owner(history, answer.at)].append(answer.row(seconds(asked.at, answer.at)))
    return waited, unanswered
