"""A machine: the states of one field, a row for each of them, and the one function that writes the field."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

S = TypeVar("S", bound=StrEnum)
R = TypeVar("R", bound="DataclassInstance")


class MoneyTransitionDenied(Exception):
    """The table has no such row: a fault of ours, and the record stays as it was."""


class TableIncomplete(ValueError):
    """A table without a row for each of its states, or with a state that no row leads to."""


@dataclass(frozen=True, slots=True)
class Machine(Generic[S]):
    """`rows` says for each state which states may follow it; a state in its own row may be written again.

    A record begins in a state of `begins`, or in none and moves to one of them.
    """

    field: str
    begins: frozenset[S]
    rows: Mapping[S, frozenset[S]]

    def __post_init__(self) -> None:
        # Checked at import: a state without a row would fail only on the day money reaches it.
        states = {state for begin in self.begins for state in type(begin)}
        reached = self.begins.union(*self.rows.values())
        if set(self.rows) != states or reached != states:
            raise TableIncomplete(f"{self.begins}: {states ^ set(self.rows) or states ^ reached}")

    def allows(self, before: S | None, after: S) -> bool:
        """Whether the table has this row."""
        return after in (self.begins if before is None else self.rows[before])

    def state_of(self, record: object) -> S | None:
        """Where the record stands."""
        return cast("S | None", getattr(record, self.field))

    def move(self, record: R, target: S, **changes: Any) -> R:
        """The record in that state, with what else changes with it; raises MoneyTransitionDenied outside the table."""
        before = self.state_of(record)
        if not self.allows(before, target):
            raise MoneyTransitionDenied(f"{type(record).__name__}: {before} to {target}")
        return replace(record, **{self.field: target}, **changes)

    @property
    def final(self) -> frozenset[S]:
        """States that nothing follows."""
        return frozenset(state for state, after in self.rows.items() if not after - {state})
