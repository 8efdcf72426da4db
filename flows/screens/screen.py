"""What a screen of the booking Flow is: how it is drawn, what fills it, and what its button means."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flows.definition import Json, Screen
from flows.request import Payload, ScreenId
from flows.session import Answers
from flows.view import BookingView, Choice
from flows.words import ScreenNotice, ScreenWords

Values = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class FlowScreen:
    """One screen in four pure functions.

    `values` is None when there is nothing to show (an earlier screen is shown then); `pick` reads the
    payload without judging it; `objection` judges the picks against the view, None when they stand.
    """

    id: ScreenId
    define: Callable[[ScreenWords], Screen]
    values: Callable[[Answers, BookingView], Values | None]
    pick: Callable[[Payload, Answers], Answers]
    objection: Callable[[Answers, BookingView], ScreenNotice | None]


def options(choices: Sequence[Choice]) -> list[Values]:
    """Choices in the words of Flow JSON; an empty description is left out, for the client refuses blanks."""
    return [
        {
            "id": choice.id,
            "title": choice.title,
            **({"description": choice.description} if choice.description else {}),
            **({"metadata": choice.metadata} if choice.metadata else {}),
        }
        for choice in choices
    ]


def initial(choices: Sequence[Choice], *known: str | None) -> str:
    """What a list begins with: the first of what is known that it still offers; empty where it is none of it."""
    return next((one for one in known if one is not None and is_offered(one, choices)), "")


def is_offered(picked: str | None, choices: Sequence[Choice]) -> bool:
    """Whether the pick is one of the choices."""
    return any(choice.id == picked for choice in choices)
