"""What every answer is made of: the base of all models, amounts, reasons, problem documents, lists."""

from datetime import datetime
from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

Item = TypeVar("Item", bound=BaseModel)


class EdgeModel(BaseModel):
    """A shape at the edge: read once, never changed."""

    # JSON has no NaN; null is what readers in other languages can take.
    model_config = ConfigDict(frozen=True, ser_json_inf_nan="null")


class Nothing(EdgeModel):
    """No field at all."""


class AmountShown(EdgeModel):
    """A sum of money."""

    amount: Annotated[int, Field(description="Whole minor units of the currency.")]
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]


class ReasonShown(EdgeModel):
    """Why a step is blocked, how that is put right, and who can do it."""

    rule: str
    fact: str
    fix: str
    who_can: list[str]


class Problem(EdgeModel):
    """An error, by RFC 9457; `type` never changes its meaning."""

    type: Annotated[str, Field(pattern="^urn:janji:problem:")]
    title: str
    status: int
    detail: str
    reasons: list[ReasonShown] | None = None


class ItemPage(EdgeModel, Generic[Item]):
    """Some items of a list; `next_cursor` asks for those after them."""

    items: list[Item]
    next_cursor: str | None


def rfc3339(moment: datetime | None) -> str | None:
    """A moment as answers show it."""
    return None if moment is None else moment.isoformat()
