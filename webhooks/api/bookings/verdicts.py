"""Verdicts on a booking's steps as the API shows them, with everything a step needs."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, StrictStr, StringConstraints

from bot.domain.customer_fields import LONGEST_ANSWER
from bot.domain.states import State
from bot.lifecycle.checklist import Checklist
from bot.lifecycle.verdicts import Verdict
from bot.replies import reasons
from bot.replies.checklist import ChecklistRow
from webhooks.edge.fields import Identifier, Otherwise, clean, not_blank
from webhooks.edge.masked import Personal
from webhooks.edge.models import EdgeModel, ItemPage, ReasonShown
from webhooks.edge.problems import reason_shown

_STATES = ", ".join(State)


class VerdictQuery(EdgeModel):
    """Where to."""

    target: Annotated[
        State | None,
        Field(description="Left out: where it goes next."),
        Otherwise("unknown-state", f"target is one of {_STATES}."),
    ] = None


class VerdictShown(EdgeModel):
    """May it go there, why not, how that is put right, who can."""

    target: str
    allowed: bool
    reasons: list[ReasonShown]
    warnings: list[ReasonShown]
    """What rules of the house say that hold nothing back."""


class ChecklistItemShown(EdgeModel):
    """One rule in front of that step."""

    rule: str
    met: bool
    blocks: Annotated[bool, Field(description="Whether it holds the booking back; only these are counted.")]
    value: Annotated[str | None, Field(description="What is known of it, where there is something to show.")]
    personal: Annotated[
        str | None,
        Personal.PRIVATE,
        Field(description="The same, where it is the customer's own: a number, an answer."),
    ]
    question: Annotated[str | None, Field(description="What to ask the customer, in their language.")]


class VerdictOfStep(VerdictShown):
    """The verdict on a step, and everything it needs, met or missing: `met` of `needed`."""

    state: State
    met: int
    needed: int
    items: list[ChecklistItemShown]


class RequiredAction(EdgeModel):
    """Something that a rule misses before that step."""

    rule: str
    target: State
    blocks: bool
    fact: str
    fix: str
    question: Annotated[str | None, Field(description="What to ask the customer, in their language.")]
    field: Annotated[str | None, Field(description="The question of the house that it answers.")]
    who_can: list[str]


class NotedAnswer(EdgeModel):
    """What the customer answered to a question of the house."""

    field: Annotated[Identifier, Field(description="As a required action names it.")]
    answer: Annotated[
        StrictStr,
        StringConstraints(min_length=1, max_length=LONGEST_ANSWER),
        BeforeValidator(clean),
        AfterValidator(not_blank),
    ]


class RequiredActionList(ItemPage[RequiredAction]):
    """What is missing before the next step, as the rules name it; empty where nothing is, or it has ended."""


def verdict(judged: Verdict, language: str) -> VerdictShown:
    """May it, why not, how that is put right, who can, in that language."""
    return VerdictShown(
        target=judged.target.value,
        allowed=judged.allowed,
        reasons=[reason_shown(why) for why in reasons.in_words(judged.reasons, language)],
        warnings=[reason_shown(why) for why in reasons.in_words(judged.warnings, language)],
    )


def verdict_of_step(judged: Verdict, found: Checklist, rows: Sequence[ChecklistRow], language: str) -> VerdictOfStep:
    """The verdict with the checklist of that step."""
    items = [
        ChecklistItemShown(
            rule=row.rule,
            met=row.is_met,
            blocks=not row.is_advice,
            value=row.value or None,
            personal=row.personal or None,
            question=row.question or None,
        )
        for row in rows
    ]
    plain = verdict(judged, language)
    return VerdictOfStep(
        target=plain.target,
        allowed=plain.allowed,
        reasons=plain.reasons,
        warnings=plain.warnings,
        state=found.state,
        met=found.met,
        needed=found.needed,
        items=items,
    )


def required_actions(target: State, rows: Sequence[ChecklistRow]) -> list[RequiredAction]:
    """What is missing, as something to do."""
    return [
        RequiredAction(
            rule=row.rule,
            target=target,
            blocks=not row.is_advice,
            fact=row.reason.fact,
            fix=row.reason.fix,
            question=row.question or None,
            field=row.field or None,
            who_can=list(row.reason.who_can),
        )
        for row in rows
        if row.reason is not None
    ]
