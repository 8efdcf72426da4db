"""Meta's error codes and what each means: decided by code, never by title or status (reference: whatsapp 3.4)."""

from typing import Final

from bot.engine.channel import Remedy

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
