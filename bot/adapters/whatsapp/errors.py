"""Meta's error codes and what each means: decided by code, never by title or status (reference: whatsapp 3.4)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Remedy(StrEnum):
    """What to do about a refusal."""

    RETRY = "retry"
    """Meta had a hiccup: soon again, a few times."""
    SLOW_DOWN = "slow_down"
    """This number or account sends too fast."""
    WAIT_FOR_RECIPIENT = "wait_for_recipient"
    """Too many messages to this one customer: hold only this conversation."""
    RETRY_LATER = "retry_later"
    """Maintenance: about a minute."""
    WINDOW_CLOSED = "window_closed"
    UNREACHABLE = "unreachable"
    MARKETING_REFUSED = "marketing_refused"
    PAUSE = "pause"
    """Our account is refused: stop sending and call a person."""
    REFUSED = "refused"
    """This message is wrong and will stay wrong."""
    FLOW_UNAVAILABLE = "flow_unavailable"
    """Fall back to buttons."""
    TEMPLATE_REFUSED = "template_refused"
    """The template is unknown, paused, disabled or has other values: a person, and `janji templates status`."""


_TABLE: Final[dict[Remedy, frozenset[int]]] = {
    Remedy.RETRY: frozenset({1, 2, 131000, 131016}),
    Remedy.SLOW_DOWN: frozenset({4, 80007, 130429}),
    Remedy.WAIT_FOR_RECIPIENT: frozenset({131056}),
    Remedy.RETRY_LATER: frozenset({131057, 131053}),
    Remedy.WINDOW_CLOSED: frozenset({131047}),
    Remedy.UNREACHABLE: frozenset({131026, 131021, 131030, 131062, 137000}),
    Remedy.MARKETING_REFUSED: frozenset({131049, 131050, 130472, 131063}),
    Remedy.PAUSE: frozenset({0, 3, 10, 190, 131005, 131042, 131045, 131037, 131048, 131064, 368, 131031}),
    Remedy.FLOW_UNAVAILABLE: frozenset({132068, 132069}),
    Remedy.TEMPLATE_REFUSED: frozenset({132000, 132001, 132005, 132007, 132012, 132015, 132016}),
}
_BY_CODE: Final = {code: remedy for remedy, codes in _TABLE.items() for code in codes}


def remedy_for(code: int) -> Remedy:
    """What a code asks for; unknown codes are refusals that a person looks at."""
    if code in _BY_CODE:
        return _BY_CODE[code]
    if 200 <= code <= 299 or 133000 <= code <= 133999:
        return Remedy.PAUSE
    return Remedy.REFUSED


@dataclass(frozen=True, slots=True)
class TryAgain:
    """The delay before the next try, in seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class GiveUp:
    """No further try; `reason` is a stable word."""

    reason: str


MAX_TRIES: Final = 5
_PAIR_CAP_SECONDS: Final = 900.0
_PAIR_CAP_EXPONENT: Final = 5


def next_try(remedy: Remedy, attempts: int) -> TryAgain | GiveUp:
    """After `attempts` tries, when to try again, or why not."""
    match remedy:
        case Remedy.WAIT_FOR_RECIPIENT:
            # 4^n seconds, n = 0, 1, 2 … (reference: whatsapp 3.4); it ends by itself, so it costs no try
            exponent = min(max(0, attempts - 1), _PAIR_CAP_EXPONENT)
            return TryAgain(min(4.0**exponent, _PAIR_CAP_SECONDS))
        case Remedy.RETRY if attempts < MAX_TRIES:
            return TryAgain(2.0**attempts)
        case Remedy.SLOW_DOWN if attempts < 2 * MAX_TRIES:
            return TryAgain(min(5.0 * 2**attempts, 300.0))
        case Remedy.RETRY_LATER if attempts < 2 * MAX_TRIES:
            return TryAgain(60.0)
        case Remedy.RETRY | Remedy.SLOW_DOWN | Remedy.RETRY_LATER:
            return GiveUp("too_many_tries")
        case _:
            return GiveUp(remedy.value)
