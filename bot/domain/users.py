"""The people who sign in: who they are, in which roles, and what each role may do.

One pure table, read by every door: what stands in no row is refused. It is the table of docs/console.md; a user with
two roles may what either may, and acts in the first of them that may it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """In which role somebody of the house acts."""

    SALES = "sales"
    OPERATIONS = "operations"
    PROVIDER = "provider"
    FINANCE = "finance"
    SUPPORT = "support"
    ADMIN = "admin"


class Act(StrEnum):
    """What a route does, as far as rights go."""

    LOOK = "look"
    """Read what is booked, when and where, and what waits to be done."""
    READ_CONVERSATIONS = "read_conversations"
    """Read what customers wrote."""
    SEE_CONTACT = "see_contact"
    """Names and numbers of customers in the clear; without it they are masked."""
    SEE_MONEY = "see_money"
    """Payouts, refunds, receipts and what parties are owed."""
    CREATE = "create"
    OVERRIDE = "override"
    """Book a time that the rules of the house refuse, or move a booking to it, and say why."""
    PROPOSE = "propose"
    CONFIRM_SLOT = "confirm_slot"
    """Agree on a time for a customer who said so."""
    SHOW_UP = "show_up"
    """Check-in, check-out, whether they came, and the end of a visit."""
    CHANGE = "change"
    """Ask for another time, place, person, name, number of guests, or the end of a booking, and agree to its quote."""
    CLOSE = "close"
    """Block a person or a place, and end the block."""
    ANSWER_COMPLAINT = "answer_complaint"
    OPEN_COMPLAINT = "open_complaint"
    RATE = "rate"
    """Write down a score that a guest gave by word of mouth."""
    GIVE_BACK = "give_back"
    """Order money back to a customer, and say where it goes."""
    RECEIVE_MONEY = "receive_money"
    """Take a receipt by hand, and lay it where it belongs."""
    APPROVE_MONEY = "approve_money"
    """Second person of a refund that needs one."""
    PAY_OUT = "pay_out"
    """Payouts, payees and disputes."""
    WORK = "work"
    """Take a task, end it, or say what is wrong."""
    SEE_TO = "see_to"
    """Take what waits for a person, and give it back; what is then done about it has its own right."""
    PLAN_WORK = "plan_work"
    """Add, assign and withdraw tasks."""
    WRITE_CONVERSATIONS = "write_conversations"
    """Take a conversation, write in it, hand it back."""
    ADMINISTER = "administer"
    """Users, numbers of partners, the clock of a demo, settings."""


SIGNS_IN: Final = frozenset(Role) - {Role.PROVIDER}
"""Who delivers works in WhatsApp: nothing here is narrowed to one's own jobs yet, so nobody signs in as a provider."""

_DESK: Final = frozenset(
    {
        Act.LOOK,
        Act.SEE_TO,
        Act.SEE_CONTACT,
        Act.READ_CONVERSATIONS,
        Act.CREATE,
        Act.PROPOSE,
        Act.CHANGE,
        Act.OPEN_COMPLAINT,
    }
)

MAY: Final[Mapping[Role, frozenset[Act]]] = {
    Role.SALES: _DESK | {Act.CONFIRM_SLOT, Act.WRITE_CONVERSATIONS, Act.WORK, Act.RATE},
    Role.OPERATIONS: _DESK
    | {
        Act.OVERRIDE,
        Act.CONFIRM_SLOT,
        Act.SHOW_UP,
        Act.CLOSE,
        Act.ANSWER_COMPLAINT,
        Act.RATE,
        Act.GIVE_BACK,
        Act.WORK,
        Act.PLAN_WORK,
    },
    Role.PROVIDER: frozenset({Act.WORK, Act.SHOW_UP}),
    Role.FINANCE: frozenset(
        {
            Act.LOOK,
            Act.SEE_TO,
            Act.SEE_MONEY,
            Act.GIVE_BACK,
            Act.RECEIVE_MONEY,
            Act.APPROVE_MONEY,
            Act.PAY_OUT,
            Act.ANSWER_COMPLAINT,
        }
    ),
    Role.SUPPORT: _DESK | {Act.WRITE_CONVERSATIONS, Act.RATE, Act.APPROVE_MONEY, Act.SEE_MONEY},
    # A person's yes to a time is the customer's, with their own words on record: nobody gives it by rank.
    Role.ADMIN: frozenset(Act) - {Act.CONFIRM_SLOT},
}

LONGEST_EMAIL: Final = 254
_EMAIL: Final = re.compile(r"[^\s@<>\"',;:\\]{1,64}@[^\s@<>\"',;:\\]+\.[^\s@<>\"',;:\\.]+")


@dataclass(frozen=True, slots=True)
class User:
    """One person who signs in."""

    id: str
    """Made of the address by a keyed hash: the same address is the same user again, and two cannot have one."""
    email: str
    name: str
    roles: tuple[Role, ...]
    made_at: datetime
    language: str | None = None
    """Of the pages; none: as their browser asks."""
    has_password: bool = False
    has_totp: bool = False
    revoked_at: datetime | None = None

    @property
    def is_revoked(self) -> bool:
        """Whether the account was taken away."""
        return self.revoked_at is not None

    def may(self, act: Act) -> bool:
        """Whether any of their roles may."""
        return not self.is_revoked and role_for(self.roles, act) is not None


def role_for(roles: Iterable[Role], act: Act) -> Role | None:
    """In which of these roles that is done: the first that may; none where none may."""
    return next((role for role in roles if role in SIGNS_IN and act in MAY[role]), None)


def who_may(act: Act) -> tuple[Role, ...]:
    """The roles that may, of those that sign in."""
    return tuple(role for role in Role if role in SIGNS_IN and act in MAY[role])


def email_of(given: str) -> str | None:
    """The address in the one form it is kept in; none where it is no address."""
    plain = given.strip().lower()
    return plain if len(plain) <= LONGEST_EMAIL and _EMAIL.fullmatch(plain) else None
