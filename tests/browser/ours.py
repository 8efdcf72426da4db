"""Our own backend behind the phone: doors, worker, a real `mongod`, its forms published as `janji` publishes them."""

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, Final

import httpx
from pydantic import SecretStr

from flows.publish import new_key_pair
from payments.domain.attempt import AttemptState
from simulator import server
from tests.bot.business.makers import sample
from tests.databases import clean_database
from tests.journeys.flow_world import keys
from tests.journeys.world import API_TOKEN, QUICK, cheap_passwords, settings_for, simulated, until
from webhooks import launch, wiring
from webhooks.keys import flow_keys
from webhooks.local.ports import free_port
from webhooks.meta.publish import publish_forms
from webhooks.meta.template_push import push as push_templates
from webhooks.settings import Settings

Json = dict[str, Any]

_READY: Final[list[tuple[str, dict[str, str]]]] = []
"""The outside world once all is published and approved, and the names of the forms in it: made by the first house,
since to push every template takes longer than most of what is done in one."""
_OURS, _THEIRS = "http://ours.invalid", "http://theirs.invalid"


class House:
    """The running backend, and the simulated world that serves its phone's page."""

    def __init__(self, uri: str, sim_url: str, settings: Settings) -> None:
        self.sim_url = sim_url
        self._uri = uri
        self._settings = settings
        self._running = AsyncExitStack()
        self._process: wiring.Process | None = None
        url = f"http://{settings.host}:{settings.port}/api/v1"
        bearer = {"Authorization": f"Bearer {API_TOKEN}"}
        self._api = httpx.AsyncClient(base_url=url, headers=bearer, trust_env=False, timeout=30)

    @property
    def url(self) -> str:
        """Where its own pages are."""
        return f"http://{self._settings.host}:{self._settings.port}"

    @property
    def process(self) -> wiring.Process:
        """What runs."""
        assert self._process is not None, "it was started"
        return self._process

    async def start(self) -> None:
        """Doors and worker run; key and forms are published, templates approved."""
        await self._run()
        forms = self.process.parts.published_flows
        async with httpx.AsyncClient(base_url=f"{self.sim_url}/sim", trust_env=False, timeout=30) as outside:
            if _READY:
                world, known = _READY[0]
                there = world.replace(_OURS, self._settings.link_base).replace(_THEIRS, self.sim_url)
                (await outside.post("/world", json=json.loads(there))).raise_for_status()
                await forms.set_ids(known, drafts=True)
                await forms.set_ids(known)
                return
            await self._publish()
            there = (await outside.get("/world")).raise_for_status().text
            world = there.replace(self._settings.link_base, _OURS).replace(self.sim_url, _THEIRS)
            _READY.append((world, await forms.ids()))

    async def _run(self) -> None:
        with cheap_passwords():
            ours = launch.running(self._settings, self._uri, terms=QUICK)
            self._process = await self._running.enter_async_context(ours)

    async def _publish(self) -> None:
        found = flow_keys(self._settings)
        assert found is not None, "the settings name a key"
        await publish_forms(self._settings, found, self.process.business, self.process.parts.published_flows)
        await push_templates(self._settings, self.process.business)
        async with httpx.AsyncClient(base_url=self.sim_url, trust_env=False, timeout=30) as outside:
            (await outside.post("/sim/templates/review", json={})).raise_for_status()

    async def start_again_with_another_form_key(self) -> None:
        """The business changes its key as one should not: the former key opens nothing any more."""
        await self._running.aclose()
        self._settings = self._settings.with_changes(flow_private_key=SecretStr(new_key_pair()[0]))
        await self._run()
        await self._publish()

    async def close(self) -> None:
        """Everything ends."""
        await self._api.aclose()
        await self._running.aclose()

    async def asked(self, path: str) -> Json:
        """What the backend's API answers."""
        found: Json = (await self._api.get(path)).raise_for_status().json()
        return found

    async def bookings_in(self, *states: str) -> list[Json]:
        """Every booking, as soon as their states are these, in any order."""

        async def there() -> list[Json] | None:
            found = (await self.asked("/bookings"))["items"]
            return found if sorted(one["state"] for one in found) == sorted(states) else None

        found: list[Json] = await until(there, 30, f"bookings in {states}")
        return found

    async def has_seen_the_link_end(self) -> None:
        """Of the one booking, our books know that its link can be paid no more."""
        (booking,) = await self.bookings_in("CANCELLED")
        money = self.process.money
        assert money is not None

        async def there() -> bool:
            invoice = await money.store.invoices.load(booking["id"])
            return invoice is not None and [one.state for one in invoice.attempts] == [AttemptState.EXPIRED]

        await until(there, 30, "the end of the link")


@asynccontextmanager
async def opened(uri: str) -> AsyncIterator[House]:
    """A house from nothing to nothing."""
    port = free_port()
    shop = sample()
    outside = simulated(f"http://127.0.0.1:{port}", verified_name=shop.name, timezone=shop.timezone)
    async with AsyncExitStack() as stack:
        name = await stack.enter_async_context(clean_database(uri))
        sim_url = await stack.enter_async_context(server.serve(outside))
        settings = settings_for(outside, sim_url, port, name)
        house = House(uri, sim_url, settings.with_changes(flow_private_key=SecretStr(keys()[0])))
        stack.push_async_callback(house.close)
        await house.start()
        yield house
