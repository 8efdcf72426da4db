"""Whether a customer says beforehand that they come, as the API shows it."""

from typing import Annotated

from pydantic import Field

from bot.business.definition import Business
from bot.domain.booking import Booking
from bot.domain.coming import ComingAnswer
from webhooks.edge.models import EdgeModel


class ComingShown(EdgeModel):
    """What its customer answered to the reminder that asks, of the time it has."""

    answer: Annotated[ComingAnswer, Field(description="asked: nobody has answered yet; change: rather another time.")]
    asked_at: Annotated[str | None, Field(description="When last.")]
    answered_at: str | None
    times: Annotated[int, Field(description="How often it was asked.")]


def coming(known: Booking, business: Business) -> ComingShown | None:
    """The same of a booking; none where nobody has asked yet about the time it has."""
    now = known.coming_now
    if now.answer is ComingAnswer.NOT_ASKED:
        return None
    asked, answered = (
        None if at is None else at.astimezone(business.zone).isoformat() for at in (now.asked_at, now.answered_at)
    )
    return ComingShown(answer=now.answer, asked_at=asked, answered_at=answered, times=now.times)
