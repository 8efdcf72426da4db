"""What the simulated Xendit must be told, and the habits it can be given."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class XenditSettings:
    """Where the app lives, how it authenticates, and what callbacks it is sent."""

    app_url: str
    public_url: str
    xendit_secret_key: str = "xnd_development_janji"
    xendit_callback_token: str = "simulated-callback-token"
    seed: int | None = None
    """With the moment of the start it decides all ids: a test with a frozen clock gets the same ones again,
    an app that keeps its database over restarts never takes a new payment for one of an earlier run."""
    callback_timeout: timedelta = timedelta(seconds=30)
    """A callback not answered by then has failed (reference: xendit 3.2)."""
    hang: timedelta = timedelta(seconds=60)
    """How long a call that "times out" is left hanging, in real time."""


@dataclass(frozen=True, slots=True)
class Habits:
    """How the outside world behaves; the defaults are its worst documented manners."""

    expired_callbacks: bool = False
    """"invoice expired": a tick box, off by default (reference: xendit 3.3)."""
    late_callbacks: bool = False
    """"payment received after expiry": a tick box, off by default (reference: xendit 3.3)."""
    rate_limit: int | None = None
    """Calls a minute and endpoint before a 429; None counts and tells, but lets all pass."""
    payout_delay: timedelta = timedelta(seconds=2)
    """From ACCEPTED to the result; a real rail takes up to 15 min (reference: xendit 4.4)."""
    reversal_delay: timedelta = timedelta(minutes=5)
    """From SUCCEEDED to REVERSED for the magic account (reference: xendit 4.5)."""
    refund_delay: timedelta = timedelta(seconds=2)
    """From PENDING to the result of a refund."""
    reversal_keeps_fee: bool = True
    """Whether a reversed payout's fee stays with Xendit: not documented, so the worse way."""
