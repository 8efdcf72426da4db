"""What an exchange of a form asks of the database: counted, command by command."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any

import pytest
from pymongo import AsyncMongoClient, monitoring

from bot.business.definition import Business
from bot.dialogue import form_view
from bot.store import driver
from bot.store.ratings import Ratings
from bot.store.scores_lately import ScoresLately
from bot.store.taken_lately import TakenLately
from flows.view import Choice
from simulator.flow_client.client import FlowClient
from tests.conftest import Database
from tests.faults.flow_house import FlowHouse, opened, step

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(60)]


class Asked(monitoring.CommandListener):
    """Each command by its name and collection."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        """It is sent; what the driver does for itself is left out."""
        name = event.command_name
        if name not in {"hello", "ismaster", "ping", "endSessions"}:
            about = event.command.get(name)
            self.names.append(f"{name} {about}" if isinstance(about, str) else name)

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        """No matter."""

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        """No matter."""

    def since(self) -> list[str]:
        """What was asked since this was called before."""
        names, self.names = self.names, []
        return names


asked = Asked()


@pytest.fixture
async def house(database: Database, mongodb_uri: str) -> AsyncIterator[FlowHouse]:
    """A house that notes what it asks."""
    client: Any = AsyncMongoClient(mongodb_uri, tz_aware=True, event_listeners=[asked])
    async with opened(driver.database(client, database.name)) as one:
        # no second passes, however slow the machine is
        one.desk.monotonic = lambda: 0.0
        one.desk.lately = TakenLately(one.claims, one.desk.monotonic)
        one.desk.scores = ScoresLately(Ratings(one.db), one.desk.monotonic)
        yield one
    await client.close()


async def walked(phone: FlowClient) -> dict[str, list[str]]:
    """A form from its opening to its end: what each screen's button asked."""
    asked.since()
    await phone.open()
    found = {"open": asked.since()}
    while phone.top.screen not in found:
        screen = phone.top.screen
        await step(phone)
        found[screen] = asked.since()
        if screen == "REVIEW":
            break
    return found


async def test_an_exchange_reads_its_session_and_saves_it_and_asks_for_claims_once_a_second(house: FlowHouse) -> None:
    other = await house.invite("event:1")
    await walked(house.phone())
    seconds = await walked(house.phone(other))
    read, saved = "find flow_sessions", "update flow_sessions"
    # what was looked at a moment ago is not asked again: free times, published forms
    for screen in ("open", "DAY"):
        assert seconds[screen] == [read, saved], screen
    # but after a claim of this very process: what it took is seen at once
    for screen in ("SERVICE", "DETAILS"):
        first, *looks, last = seconds[screen]
        assert (first, sorted(looks), last) == (read, ["find blocks", "find claims"], saved), screen
    # a pick: what sessions keep is read this moment; then session and claim are one transaction
    pick = ["find claims", "find blocks", "find claims", "update block_fences", "find blocks", "insert claims", saved]
    assert seconds["TIME"] == [read, *pick, "commitTransaction"]
    # sent: the same, and the lead's news with it; the hold that is renewed is deleted and made again
    again = [*pick[:5], "delete claims", *pick[5:], "update received"]
    assert seconds["REVIEW"] == [read, *again, "commitTransaction"]


async def test_the_form_means_whom_customers_rate_higher_and_reads_scores_once_for_all(house: FlowHouse) -> None:
    # the file names Ayu first
    for number in range(20):
        await house.db["ratings"].insert_one({"_id": f"BK-{number}", "provider": "komang", "score": 5})
    seen: list[list[str]] = []
    for number in (1, 2):
        phone = house.phone(await house.invite(f"event:{number}"))
        await phone.open()
        await step(phone, service="balinese-massage")
        if phone.top.screen == "PLACE":
            await step(phone, place="villa-senja")
        asked.since()
        await step(phone, day="2026-11-24")
        seen.append(asked.since())
        # at eleven both are free
        (eleven,) = [row["id"] for row in phone.top.data["times"] if row["id"].endswith("T0300Z|villa-senja")]
        assert "|komang|" in eleven
        await step(phone)
        await step(phone, guests="#1")
    assert "aggregate ratings" in seen[0]
    assert "aggregate ratings" not in seen[1]


async def test_the_list_of_services_is_answered_from_memory(house: FlowHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    made = list[str]()
    plain = form_view.services_in

    def noted(business: Business, language: str, today: date) -> tuple[Choice, ...]:
        made.append(language)
        return plain(business, language, today)

    monkeypatch.setattr(form_view, "services_in", noted)
    phones = [house.phone(), house.phone(await house.invite("event:1")), house.phone(await house.invite("event:2"))]
    await phones[0].open()
    asked.since()
    for phone in phones[1:]:
        await phone.open()
        # each showing is a step of its session: that one is read and saved, and nothing else is asked for
        assert asked.since() == ["find flow_sessions", "update flow_sessions"]
        assert phone.top.screen == "SERVICE"
    assert made == ["en"], "once for all customers of a language"
    # prices may be others tomorrow
    house.clock.now += timedelta(days=1)
    await house.phone(await house.invite("event:3")).open()
    assert made == ["en", "en"]
