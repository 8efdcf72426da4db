"""The whole system on loopback, in process: simulator, doors and worker over a fresh database of a real `mongod`."""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Final

import httpx
import pytest
from argon2 import PasswordHasher
from pydantic import SecretStr

from bot.domain.ids import LeadId
from bot.domain.outbox import StoredLead
from bot.domain.users import Role
from bot.engine.account_links import LinkPurpose
from bot.engine.accounts import Accounts, Stranger
from bot.engine.performers.chat import SendTimings
from bot.store.driver import server_now
from bot.store.messages import TranscriptLine
from bot.store.sign_in_tries import SignInTries
from bot.store.user_sessions import UserSessions
from bot.store.users import Users
from simulator import server
from simulator.customer import Phone
from simulator.settings import Settings as SimulatorSettings
from tests.bot.business.makers import sample_file
from tests.databases import clean_database
from webhooks import launch, wiring
from webhooks.edge.sessions import CSRF_HEADER, PLAIN_COOKIE
from webhooks.local.ports import free_port
from webhooks.settings import Settings, load
from webhooks.wiring import Process, Timings

Json = dict[str, Any]

API_TOKEN: Final = "a-token-for-machines"
QUICK: Final = Timings(
    lease_seconds=3.0,
    sending=SendTimings(unknown_waits=timedelta(seconds=0.5)),
    burst_quiet=timedelta(seconds=0.3),
    burst_at_most=timedelta(seconds=0.9),
    cashier_every=0.2,
)
"""Production's terms with short waits."""
PATIENT: Final = replace(QUICK, burst_quiet=timedelta(seconds=4), burst_at_most=timedelta(seconds=20))
"""The same, for several words of one burst on a machine that does something else, too."""
POLL: Final = 0.02
CHEAP: Final = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


async def until(
    holds: Callable[[], Awaitable[Any]], timeout: float = 30.0, what: str = "the condition", poll: float = POLL
) -> Any:
    """What the condition yields as soon as it is true; fails after `timeout` seconds."""
    ends = time.monotonic() + timeout
    while not (found := await holds()):
        if time.monotonic() > ends:
            raise AssertionError(f"waited {timeout} s for {what}; last seen: {found!r}")
        await asyncio.sleep(poll)
    return found


def simulated(app_url: str, **changes: Any) -> SimulatorSettings:
    """An outside world that retries fast and types faster than any person may."""
    usual = {"app_url": app_url, "pair_rate": False, "retry_scale": 0.02, "api_token": API_TOKEN}
    return SimulatorSettings(**{**usual, **changes})


def settings_for(simulator: SimulatorSettings, simulator_url: str, port: int, database: str) -> Settings:
    """Our settings for that outside world."""
    return load(env_file=None).with_changes(
        host="127.0.0.1",
        port=port,
        public_url=None,
        business_file=sample_file(),
        mongodb_database=database,
        clock_may_move=True,
        secret_key=SecretStr("a-secret-key-of-tests-forty-characters-long"),
        whatsapp_phone_number_id=simulator.phone_number_id,
        whatsapp_waba_id=simulator.waba_id,
        whatsapp_token=SecretStr(simulator.token),
        whatsapp_app_secret=SecretStr(simulator.app_secret),
        whatsapp_verify_token=SecretStr(simulator.verify_token),
        graph_api_base_url=simulator_url,
        xendit_secret_key=SecretStr(simulator.xendit_secret_key),
        xendit_webhook_token=SecretStr(simulator.xendit_webhook_token),
        xendit_base_url=simulator_url,
        janji_api_token=SecretStr(API_TOKEN),
    )


@contextmanager
def cheap_passwords() -> Iterator[None]:
    """Processes that are opened meanwhile read passwords by the real algorithm at a price tests can pay."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wiring, "PasswordHasher", lambda: CHEAP)
        yield


@dataclass(slots=True)
class World:
    """A running system, its outside world, and what a test may ask of both."""

    url: str
    simulator_url: str
    settings: Settings
    simulator: SimulatorSettings
    process: Process
    api: httpx.AsyncClient
    control: httpx.AsyncClient
    stack: AsyncExitStack
    phones: list[Phone] = field(default_factory=list)
    uri: str = ""
    terms: Timings = QUICK
    running: AsyncExitStack | None = None
    """Holds our process alone, where it can be begun again."""

    async def restart(self, **ours: Any) -> None:
        """Our process ends and another begins over the same database, with other settings of ours; by the very task
        that opened the world."""
        assert self.running is not None
        await self.running.aclose()
        self.settings = self.settings.with_changes(**ours)
        self.process = await self.running.enter_async_context(launch.running(self.settings, self.uri, terms=self.terms))

    async def phone(self, name: str = "Sari", **more: Any) -> Phone:
        """A new customer's phone; without `wa_id` the number is hidden."""
        phone = await self.stack.enter_async_context(Phone(self.simulator_url, name=name, **more))
        self.phones.append(phone)
        return phone

    async def person(self, *roles: Role, email: str = "ayu@example.com") -> httpx.AsyncClient:
        """The API as somebody who is signed in calls it from a page of ours; their id stands in `X-Id`."""
        process = self.process
        users, tries = Users(process.database, process.parts.vault), SignInTries(process.database)
        keys = (self.settings.secret_key.get_secret_value() if self.settings.secret_key else "",)
        accounts = Accounts(users, UserSessions(process.database), tries, keys, CHEAP)
        now, password = await server_now(process.database), "a sentence by the sea"
        _, link = await accounts.add(email, "Ayu", roles, now)
        await accounts.set_password(link, LinkPurpose.INVITE, password, now)
        who, token = await accounts.sign_in(email, password, Stranger("1", "1", "b"), now)
        headers = {"Cookie": f"{PLAIN_COOKIE}={token}", CSRF_HEADER: who.csrf, "X-Id": who.id}
        client = httpx.AsyncClient(base_url=f"{self.url}/api/v1", headers=headers, timeout=30)
        return await self.stack.enter_async_context(client)

    async def told(self, method: str, path: str, body: Any = None) -> Json:
        """The simulator's control door."""
        answer = await self.control.request(method, path, json=body)
        assert answer.status_code < 400, answer.text
        told: Json = answer.json()
        return told

    async def fault(self, kind: str, **more: Any) -> None:
        """The next calls of the simulated Graph API meet this fault."""
        await self.told("POST", "/faults", {"kind": kind, **more})

    async def raw(self, envelope: Any, **more: Any) -> Json:
        """A signed webhook with any body, `{status, body}` of our door's answer."""
        return await self.told("POST", "/webhooks/raw", {"json": envelope, **more})

    async def leads(self) -> list[Json]:
        """All leads, as the API shows them."""
        items: list[Json] = (await self.api.get("/conversations")).raise_for_status().json()["items"]
        return items

    async def lead_of(self, phone: Phone) -> Json:
        """The lead of that customer, once there is one."""
        customer = phone.customer
        query = {"user_id": customer["user_id"]}

        async def found() -> Any:
            answer = await self.api.get("/leads", params=query)
            items = answer.raise_for_status().json()["items"]
            return items[0] if items else None

        lead: Json = await until(found, what="the customer's lead")
        return lead

    async def stored(self, lead_id: str) -> StoredLead:
        """The lead as it stands in the database."""
        stored = await self.process.parts.leads.load(LeadId(lead_id))
        assert stored is not None
        return stored

    async def transcript(self, lead_id: str) -> list[TranscriptLine]:
        """What was said, oldest first."""
        return await self.process.parts.messages.of(LeadId(lead_id))

    async def quiet(self, timeout: float = 15.0) -> None:
        """Wait until every delivery is done or parked and no outbox wants anything but a person's eyes."""
        database = self.process.database

        queued = {"merged_into": None, "outbox": {"$elemMatch": {"status": {"$ne": "draft"}}}}
        busy = {"$or": [queued, {"lease": {"$exists": True}}]}

        async def is_still() -> bool:
            # what comes first keeps it from being still most often; then nothing else need be asked
            for name, wanted in (("received", {"state": "new"}), ("leads", busy), ("partners", busy)):
                if await database[name].find_one(wanted, {"_id": 1}) is not None:
                    return False
            return True

        async def nothing_waits() -> bool:
            # asked thirty times a second next to what it waits for: ours first, which mostly waits
            if not await is_still() or not (await self.told("GET", "/webhooks?wait=0"))["idle"]:
                return False
            # what the outside world had sent meanwhile
            return await is_still()

        await until(nothing_waits, timeout, "quiet", poll=0.03)

    async def time_passes(self, seconds: float) -> None:
        """Real time as the database knows it: what was due, leased or waited for is so much older now."""
        await age(self.process.database, seconds)


async def age(database: Any, seconds: float) -> None:
    """Make leases, claims, back-offs and due times so many seconds older, in place of waiting for them."""
    by = int(seconds * 1000)
    older = {
        "$map": {
            "input": "$outbox",
            "as": "one",
            "in": {
                "$mergeObjects": [
                    "$$one",
                    {
                        "look_at": {"$subtract": ["$$one.look_at", by]},
                        "claimed_at": {
                            "$cond": [
                                {"$eq": ["$$one.claimed_at", None]},
                                None,
                                {"$subtract": ["$$one.claimed_at", by]},
                            ]
                        },
                    },
                ]
            },
        }
    }
    for threads in (database["leads"], database["partners"]):
        await threads.update_many({}, [{"$set": {"outbox": older}}])
        await threads.update_many(
            {"lease": {"$exists": True}}, [{"$set": {"lease.until": {"$subtract": ["$lease.until", by]}}}]
        )
    await database["received"].update_many({"state": "new"}, [{"$set": {"due_at": {"$subtract": ["$due_at", by]}}}])
    await database["house"].update_many(
        {"role": {"$exists": True}}, [{"$set": {"since": {"$subtract": ["$since", by]}}}]
    )
    # a worker sleeps until what it knows is due: as when a clock is moved, it hears that time has passed
    moved = {"$inc": {"offset_ms": 0}, "$set": {"aged": secrets.token_hex(4)}}
    await database["house"].update_one({"_id": "clock"}, moved, upsert=True)


@asynccontextmanager
async def opened(
    uri: str,
    terms: Timings = QUICK,
    ours: Mapping[str, Any] | None = None,
    *,
    has_task_system: bool = False,
    has_pager: bool = False,
    **simulator_changes: Any,
) -> AsyncIterator[World]:
    """A world from nothing to nothing, `ours` being other settings of ours; an outside task system where asked for."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    simulator = simulated(url, **simulator_changes)
    async with AsyncExitStack() as stack:
        name = await stack.enter_async_context(clean_database(uri))
        simulator_url = await stack.enter_async_context(server.serve(simulator))
        settings = settings_for(simulator, simulator_url, port, name)
        if has_task_system:
            settings = settings.with_changes(
                task_system_url=f"{simulator_url}/task-system/workflows",
                task_system_secret=SecretStr(simulator.task_system_secret),
            )
        if has_pager:
            settings = settings.with_changes(
                escalation_url=f"{simulator_url}/escalations",
                escalation_secret=SecretStr(simulator.escalation_secret),
            )
        settings = settings.with_changes(**(ours or {}))
        running = await stack.enter_async_context(AsyncExitStack())
        with cheap_passwords():
            process = await running.enter_async_context(launch.running(settings, uri, terms=terms))
        api = await stack.enter_async_context(
            httpx.AsyncClient(
                base_url=f"{url}/api/v1",
                headers={"Authorization": f"Bearer {API_TOKEN}"},
                trust_env=False,
                timeout=30,
            )
        )
        control = await stack.enter_async_context(
            httpx.AsyncClient(base_url=f"{simulator_url}/sim", trust_env=False, timeout=30)
        )
        async with AsyncExitStack() as phones:
            world = World(url, simulator_url, settings, simulator, process, api, control, phones)
            world.uri, world.terms, world.running = uri, terms, running
            yield world
