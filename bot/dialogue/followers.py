"""Followers: what a change means for something else, whoever made it (customer, staff, payment, timer).

`decide` ends in this tuple. Each follower is pure, takes the lead as it was and the outcome so far, and orders things;
it never moves a booking. Each has a law as a property test (`tests/bot/dialogue/test_followers.py`).
"""

from collections.abc import Callable
from typing import Final

from bot.business.context import Context
from bot.dialogue import (
    abandonment,
    acceptance,
    alarms,
    complaints,
    follow_up,
    payment_links,
    places,
    ratings,
    redos,
    tasks,
    timers,
    unstable,
    waiting,
)
from bot.dialogue.changes import followers as changes
from bot.dialogue.changes import releasing
from bot.domain.lead import Lead
from bot.domain.outcome import Outcome

Follower = Callable[[Lead, Outcome, Context], Outcome]

FOLLOWERS: Final[tuple[Follower, ...]] = (
    # a change that is over first: its money is no longer the booking's
    changes.changes,
    # then the booking's money, before its links are closed: what is kept of it has an owner by then
    changes.money,
    # and when its parties' shares may leave
    releasing.follow,
    # what was delivered once more is paid by whoever is charged
    redos.follow,
    # a booking that left PAYMENT_PENDING gets its new account before anything is planned for it
    payment_links.follow,
    # a yes that is waited for no more has no last moment
    acceptance.follow,
    # its work, before what reminds of it
    tasks.follow,
    # and what its place has to know
    places.follow,
    timers.follow,
    # who has a time waits for none
    waiting.follow,
    # what was never booked ends by silence
    abandonment.follow,
    # what was delivered, before its booking leaves
    ratings.follow,
    # and is followed up
    follow_up.follow,
    # who lets the house down again and again
    unstable.follow,
    # what was wrong with it waits for a person
    complaints.follow,
    # last: what the others have ended needs nobody's eyes
    alarms.follow,
)
"""In this order."""


def follow(before: Lead, outcome: Outcome, context: Context) -> Outcome:
    """The outcome with all that its changes mean."""
    for follower in FOLLOWERS:
        outcome = follower(before, outcome, context)
    return outcome
