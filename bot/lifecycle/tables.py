"""Which machines exist, which moves each may make, and how they are coupled.

Theory of operation
-------------------
There is not one big machine but a few small ones, and each sees only its own news.

1. The *booking lifecycle* says where a booking stands between a wish and its end. It sees the customer's and the
   staff's decisions, the payment's outcome and time. It is stored and shown in upper case.
2. *Facets* stand next to it, because a fact about money, papers or a dispute must never erase where the booking
   stands: a refunded booking is still CANCELLED, a disputed one still COMPLETED.
   `PaymentStatus` sees the invoice's news, `LatePayment` what becomes of money that came too late, `Modification` a
   change after confirmation, `Dispute` a chargeback, `FollowUp` what is owed after the end, `ShowUp` whether the
   customer came, `ItemStatus` each part of a booking that has several, `Documents` the papers.
3. The *conversation mode* (bot or agent) says who may speak. It sees take-over and release only; payments and
   timers move the booking in either mode. Its epoch grows at each change.

Coupling, in full: PAYMENT_PENDING → PAID needs `payment_status` paid; every other facet moves alone. Cancelling ends
no facet: a refund may come weeks later.

Rule 1: everything that decides whether a move is legal by table is in this file. Whether a legal move is *allowed*
(fields, facts, permissions) is `bot.lifecycle.verdicts.evaluate`.

Rule 2: states, facets and the mode change in `bot.lifecycle.apply` and nowhere else; each move is judged, and its
verdict is kept with it.

Rule 3: what stands in a table and has no code yet stands in `NOT_BUILT` too, with the reason. The verdict refuses it
with that reason, and `docs/states.md` does not draw it.

How to read the tables: one row a state, every state has a row, a state with no way out has an empty row. The numbers
T01 to T33 are those of `docs/reference/transitions.md`; TICKETED, MODIFIED, PARTIALLY_CANCELLED, DISPUTED and REFUNDED
are facets here. A hosted payment link counts as `payment_method: invoice` (T07). T12, a confirmation that is taken
back, is left out: nothing is CONFIRMED before it is true.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.domain.states import (
    RESCHEDULABLE,
    Dispute,
    Documents,
    FollowUp,
    ItemStatus,
    LatePayment,
    Mode,
    Modification,
    PaymentStatus,
    ShowUp,
    State,
)

S = State


LIFECYCLE: Mapping[State, frozenset[State]] = {
    # T02; T28, T26, T32
    S.INQUIRY: frozenset({S.SERVICE_SELECTED, S.ABANDONED, S.CANCELLED, S.ERROR}),
    # T03; T28, T26, T32
    S.SERVICE_SELECTED: frozenset({S.SLOT_PROPOSED, S.ABANDONED, S.CANCELLED, S.ERROR}),
    # T04 onto itself, T05, T06; T28, T26, T32
    S.SLOT_PROPOSED: frozenset(
        {S.SLOT_PROPOSED, S.SERVICE_SELECTED, S.SLOT_CONFIRMED, S.ABANDONED, S.CANCELLED, S.ERROR}
    ),
    # T07, T10, T11, T15, T22; T26, T32
    S.SLOT_CONFIRMED: frozenset(
        {
            S.PAYMENT_PENDING,
            S.PENDING_CONFIRMATION,
            S.CONFIRMED,
            S.REMINDER_SENT,
            S.RESCHEDULED,
            S.CANCELLED,
            S.ERROR,
        }
    ),
    # T08 onto itself, T09, T22; T28, T26, T32
    S.PAYMENT_PENDING: frozenset({S.PAYMENT_PENDING, S.PAID, S.RESCHEDULED, S.ABANDONED, S.CANCELLED, S.ERROR}),
    # T10, T11, T15, T22; T26, T32. There is no edge back to SLOT_CONFIRMED.
    S.PAID: frozenset({S.PENDING_CONFIRMATION, S.CONFIRMED, S.REMINDER_SENT, S.RESCHEDULED, S.CANCELLED, S.ERROR}),
    # T11, T22; T26, T32. The money is asked for when somebody has accepted.
    S.PENDING_CONFIRMATION: frozenset({S.PAYMENT_PENDING, S.CONFIRMED, S.RESCHEDULED, S.CANCELLED, S.ERROR}),
    # T15, T16, T19, T20, T22; T26, T32
    S.CONFIRMED: frozenset(
        {S.REMINDER_SENT, S.CHECKED_IN, S.COMPLETED, S.NO_SHOW, S.RESCHEDULED, S.CANCELLED, S.ERROR}
    ),
    # T16, T19, T20, T22; T26, T32
    S.REMINDER_SENT: frozenset({S.CHECKED_IN, S.COMPLETED, S.NO_SHOW, S.RESCHEDULED, S.CANCELLED, S.ERROR}),
    # T17; T26, T32
    S.CHECKED_IN: frozenset({S.CHECKED_OUT, S.CANCELLED, S.ERROR}),
    # T18; T26, T32
    S.CHECKED_OUT: frozenset({S.COMPLETED, S.CANCELLED, S.ERROR}),
    S.COMPLETED: frozenset(),
    # T21: staff correct it inside the correction window
    S.NO_SHOW: frozenset({S.COMPLETED}),
    # T23, T24 (keep the old time); T28, T26, T32
    S.RESCHEDULED: frozenset({S.SLOT_PROPOSED, *RESCHEDULABLE, S.ABANDONED, S.CANCELLED, S.ERROR}),
    S.CANCELLED: frozenset(),
    # T29: reopened when the customer writes again, or closed by staff
    S.ABANDONED: frozenset({S.INQUIRY, S.SERVICE_SELECTED, S.CANCELLED}),
    # T33: back to where it was, or cancelled
    S.ERROR: frozenset(
        {
            S.INQUIRY,
            S.SERVICE_SELECTED,
            S.SLOT_PROPOSED,
            S.SLOT_CONFIRMED,
            S.PAYMENT_PENDING,
            S.PAID,
            S.PENDING_CONFIRMATION,
            S.CONFIRMED,
            S.REMINDER_SENT,
            S.CHECKED_IN,
            S.CHECKED_OUT,
            S.RESCHEDULED,
            S.CANCELLED,
        }
    ),
}


P = PaymentStatus

# One account's money; a booking that gets another account begins at NONE again (`apply.begin_account`).
PAYMENT: Mapping[PaymentStatus, frozenset[PaymentStatus]] = {
    # a refund without a payment before it: late money of a booking that had ended, sent straight back
    P.NONE: frozenset({P.PENDING, P.PAID, P.PARTIALLY_REFUNDED, P.REFUNDED}),
    P.PENDING: frozenset({P.PARTIALLY_PAID, P.PAID, P.FAILED, P.EXPIRED, P.PARTIALLY_REFUNDED, P.REFUNDED}),
    # a deadline that passes with part of the money there: the part goes back
    P.PARTIALLY_PAID: frozenset({P.PAID, P.EXPIRED, P.PARTIALLY_REFUNDED, P.REFUNDED}),
    P.PAID: frozenset({P.PARTIALLY_REFUNDED, P.REFUNDED}),
    P.FAILED: frozenset({P.PENDING, P.PARTIALLY_PAID, P.PAID, P.EXPIRED}),
    # money after expiry is late money, never refused
    P.EXPIRED: frozenset({P.PENDING, P.PARTIALLY_PAID, P.PAID, P.PARTIALLY_REFUNDED, P.REFUNDED}),
    P.PARTIALLY_REFUNDED: frozenset({P.PARTIALLY_REFUNDED, P.REFUNDED}),
    P.REFUNDED: frozenset(),
}


L = LatePayment

LATE_PAYMENT: Mapping[LatePayment, frozenset[LatePayment]] = {
    L.NONE: frozenset({L.ARRIVED}),
    L.ARRIVED: frozenset({L.TIME_TAKEN, L.CHOOSING, L.BOOKED_AGAIN, L.RETURNED}),
    L.TIME_TAKEN: frozenset({L.CHOOSING, L.BOOKED_AGAIN, L.RETURNED}),
    # the time they chose may be taken, too
    L.CHOOSING: frozenset({L.TIME_TAKEN, L.BOOKED_AGAIN, L.RETURNED}),
    # moved to another time later, and that one is taken
    L.BOOKED_AGAIN: frozenset({L.TIME_TAKEN, L.RETURNED}),
    L.RETURNED: frozenset(),
}


M = Modification

MODIFICATION: Mapping[Modification, frozenset[Modification]] = {
    M.NONE: frozenset({M.REQUESTED}),
    M.REQUESTED: frozenset({M.AWAITING_PAYMENT, M.CONFIRMED, M.REJECTED, M.FAILED, M.WITHDRAWN}),
    M.AWAITING_PAYMENT: frozenset({M.CONFIRMED, M.REJECTED, M.FAILED, M.WITHDRAWN}),
    # one change after another: each begins from the start
    M.CONFIRMED: frozenset({M.REQUESTED}),
    M.REJECTED: frozenset({M.REQUESTED}),
    M.FAILED: frozenset({M.REQUESTED}),
    M.WITHDRAWN: frozenset({M.REQUESTED}),
}


DISPUTE: Mapping[Dispute, frozenset[Dispute]] = {
    Dispute.NONE: frozenset({Dispute.OPEN}),
    Dispute.OPEN: frozenset({Dispute.WON, Dispute.LOST}),
    Dispute.WON: frozenset({Dispute.OPEN}),
    Dispute.LOST: frozenset(),
}


FOLLOW_UP: Mapping[FollowUp, frozenset[FollowUp]] = {
    FollowUp.NONE: frozenset({FollowUp.DUE}),
    FollowUp.DUE: frozenset({FollowUp.DONE}),
    FollowUp.DONE: frozenset(),
}


SHOW_UP: Mapping[ShowUp, frozenset[ShowUp]] = {
    ShowUp.UNKNOWN: frozenset({ShowUp.ASKED, ShowUp.CAME, ShowUp.DID_NOT_COME}),
    ShowUp.ASKED: frozenset({ShowUp.CAME, ShowUp.DID_NOT_COME}),
    ShowUp.CAME: frozenset(),
    ShowUp.DID_NOT_COME: frozenset({ShowUp.CAME}),
}


I = ItemStatus  # noqa: E741 - one letter a machine keeps the table readable

_ITEM_ENDS = frozenset({I.CANCELLED, I.PROVIDER_CANCELLED, I.COMPLETED, I.NO_SHOW})

ITEM: Mapping[ItemStatus, frozenset[ItemStatus]] = {
    I.PENDING: frozenset({I.CONFIRMED, I.CANCELLED, I.PROVIDER_CANCELLED}),
    I.CONFIRMED: _ITEM_ENDS | {I.TICKETED, I.MODIFIED, I.SCHEDULE_CHANGED},
    I.TICKETED: _ITEM_ENDS | {I.MODIFIED, I.SCHEDULE_CHANGED},
    I.MODIFIED: _ITEM_ENDS | {I.MODIFIED, I.TICKETED, I.SCHEDULE_CHANGED},
    I.SCHEDULE_CHANGED: _ITEM_ENDS | {I.CONFIRMED, I.MODIFIED},
    I.CANCELLED: frozenset(),
    I.PROVIDER_CANCELLED: frozenset(),
    I.COMPLETED: frozenset(),
    I.NO_SHOW: frozenset({I.COMPLETED}),
}


DOCUMENTS: Mapping[Documents, frozenset[Documents]] = {
    Documents.NONE: frozenset({Documents.READY, Documents.FAILED}),
    Documents.READY: frozenset({Documents.DELIVERED, Documents.FAILED}),
    Documents.DELIVERED: frozenset({Documents.READY}),
    Documents.FAILED: frozenset({Documents.READY}),
}


MODE: Mapping[Mode, frozenset[Mode]] = {
    # a take-over may pass from one agent to another
    Mode.BOT: frozenset({Mode.AGENT}),
    Mode.AGENT: frozenset({Mode.AGENT, Mode.BOT}),
}


Facet = PaymentStatus | LatePayment | Modification | Dispute | FollowUp | ShowUp | Documents
"""The values of every facet that a booking has one of."""


# What no code writes yet --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NotBuilt:
    """A value, or a move between two states, that stands in a table and has no code yet."""

    what: Facet | ItemStatus | State | tuple[State, State]
    reason: str


_ITEMS = "a booking has no parts yet"
_PAPERS = "a booking has no papers yet"

NOT_BUILT: Final = (
    *(
        NotBuilt((origin, S.ABANDONED), "what waits for money or for its new time ends by its own deadline")
        for origin in (S.PAYMENT_PENDING, S.RESCHEDULED)
    ),
    NotBuilt((S.ABANDONED, S.INQUIRY), "nothing was named: whoever comes back begins"),
    NotBuilt((S.ABANDONED, S.CANCELLED), "what was let go is over; it is taken up again or forgotten"),
    NotBuilt(S.ERROR, "what stops a booking calls a person and leaves it where it is"),
    NotBuilt((S.SLOT_CONFIRMED, S.REMINDER_SENT), "only what is confirmed is reminded of"),
    NotBuilt((S.PAYMENT_PENDING, S.PAYMENT_PENDING), "another link is counted, and is no move"),
    *(
        NotBuilt((S.PAID, target), "PAID is passed through on the way to CONFIRMED")
        for target in (S.REMINDER_SENT, S.RESCHEDULED, S.CANCELLED)
    ),
    *(
        NotBuilt((S.RESCHEDULED, target), "a move leads to SLOT_CONFIRMED or CONFIRMED, whatever was before it")
        for target in sorted(RESCHEDULABLE - {S.SLOT_CONFIRMED, S.CONFIRMED})
    ),
    NotBuilt(P.FAILED, "a link that fails is replaced or expires"),
    *(NotBuilt(value, _ITEMS) for value in ItemStatus),
    *(NotBuilt(value, _PAPERS) for value in Documents if value is not Documents.NONE),
)
"""Everything that stands in a table above and that nothing writes."""


def not_built(value: Facet | ItemStatus | State | Mode, origin: StrEnum | None = None) -> str | None:
    """Why that value is not built, or the move to it from `origin`; none where it is."""
    for entry in NOT_BUILT:
        if isinstance(entry.what, tuple):
            is_meant = entry.what[0] is origin and entry.what[1] is value
        else:
            # by identity: values of two facets may be the same word, and equal words are equal here
            is_meant = entry.what is value
        if is_meant:
            return entry.reason
    return None


def is_legal(state: State, target: State) -> bool:
    """Whether the lifecycle table has that move."""
    return target in LIFECYCLE[state]
