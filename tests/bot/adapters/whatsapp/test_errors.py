"""Meta's codes are decided by code, each with its remedy."""

import pytest

from bot.adapters.whatsapp.errors import remedy_for
from bot.engine.channel import Remedy

REMEDIES = {
    Remedy.RETRY: (1, 2, 131000, 131016),
    Remedy.SLOW_DOWN: (4, 80007, 130429),
    Remedy.WAIT_FOR_RECIPIENT: (131056,),
    Remedy.RETRY_LATER: (131057, 131053),
    Remedy.WINDOW_CLOSED: (131047,),
    Remedy.UNREACHABLE: (131026, 131021, 131030, 131062, 137000),
    Remedy.MARKETING_REFUSED: (131049, 131050, 130472, 131063),
    Remedy.PAUSE: (0, 3, 10, 190, 200, 299, 131005, 131042, 131045, 131037, 131048, 131064, 368, 131031, 133010),
    Remedy.FLOW_UNAVAILABLE: (132068, 132069),
    Remedy.TEMPLATE_REFUSED: (132000, 132001, 132005, 132007, 132012, 132015, 132016),
    Remedy.REFUSED: (100, 131008, 131009, 131051),
}
CASES = [(code, remedy) for remedy, codes in REMEDIES.items() for code in codes]


@pytest.mark.parametrize(("code", "remedy"), CASES)
def test_every_code_of_the_reference_has_its_remedy(code: int, remedy: Remedy) -> None:
    assert remedy_for(code) is remedy


@pytest.mark.parametrize("code", [-1, 199, 300, 134000, 999_999])
def test_an_unknown_code_is_a_refusal_that_a_person_looks_at(code: int) -> None:
    assert remedy_for(code) is Remedy.REFUSED
