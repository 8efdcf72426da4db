"""How much a caller may ask for, and what they are told then."""

import pytest

from bot.domain.users import Role
from tests.journeys.world import API_TOKEN, World
from webhooks.doorway import doors_of
from webhooks.edge.problems import RequestRefused
from webhooks.edge.rates import MOST_CALLERS, PERSON, Rate, RateLimits
from webhooks.edge.sessions import CSRF_HEADER
from webhooks.processes.web import create_app

SLOW = Rate(2, 0.5)


class Watch:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


def wait_of(limits: RateLimits, caller: str) -> int:
    with pytest.raises(RequestRefused) as refused:
        limits.take(caller, SLOW)
    assert refused.value.response.status_code == 429
    return int(refused.value.response.headers["Retry-After"])


def test_each_caller_has_a_bucket_of_their_own_and_is_told_how_long_to_wait() -> None:
    watch = Watch()
    limits = RateLimits(watch)
    for _ in range(2):
        limits.take("user:1", SLOW)
    assert wait_of(limits, "user:1") == 2
    limits.take("user:2", SLOW)
    watch.at += 1
    assert wait_of(limits, "user:1") == 1
    watch.at += 1
    limits.take("user:1", SLOW)
    assert wait_of(limits, "user:1") == 2
    watch.at += 3600
    for _ in range(2):
        limits.take("user:1", SLOW)
    assert wait_of(limits, "user:1") == 2, "an hour fills no more than the bucket holds"


def test_a_million_addresses_take_no_more_memory_than_some() -> None:
    limits = RateLimits(Watch())
    for number in range(MOST_CALLERS + 50):
        limits.take(f"address:{number}", SLOW)
    assert len(limits._buckets) == MOST_CALLERS


@pytest.mark.mongo
async def test_a_person_who_asks_too_often_is_told_so_at_the_api(world: World) -> None:
    person = await world.person(Role.SALES)
    headers = {name: person.headers[name] for name in ("Cookie", CSRF_HEADER)}
    client = create_app(doors_of(world.process, RateLimits(Watch()))).test_client()
    for _ in range(PERSON.burst):
        assert (await client.get("/api/v1/lifecycle", headers=headers)).status_code == 200
    refused = await client.get("/api/v1/lifecycle", headers=headers)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "1")
    assert (await refused.get_json())["type"] == "urn:janji:problem:too-many-requests"
    machine = await client.get("/api/v1/lifecycle", headers={"Authorization": f"Bearer {API_TOKEN}"})
    assert machine.status_code == 200, "the machine has a bucket of its own"
