"""One simulator for all tests of a module, forgotten between them."""

from collections.abc import Iterator

import pytest

from tests.simulator.xendit.house import House, running


@pytest.fixture(scope="session")
def _running_house() -> Iterator[House]:
    with running() as house:
        yield house


@pytest.fixture
def house(_running_house: House) -> House:
    """The running simulator, new-born, and an app that has heard nothing."""
    _running_house.post("/reset")
    _running_house.ear.heard.clear()
    _running_house.ear.bodies.clear()
    _running_house.ear.answers.clear()
    return _running_house
