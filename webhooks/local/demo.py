"""`janji demo`: all on loopback, an embedded MongoDB, a simulated outside world; nothing leaves the machine."""

import asyncio
import contextlib
import json
import os
import secrets
import signal
import socket
import sys
import time
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx
from pydantic import SecretStr
from rich.console import Console, Group
from rich.padding import Padding
from rich.panel import Panel

from bot.business.definition import Business
from bot.store.driver import server_now
from flows.publish import new_key_pair
from webhooks import launch, wiring
from webhooks.business import load_business
from webhooks.keys import flow_keys
from webhooks.local import demo_business, demo_money, demo_people, embedded
from webhooks.local.demo_note import noted
from webhooks.local.demo_phones import partner_phones
from webhooks.local.ports import is_free
from webhooks.meta.publish import publish_forms
from webhooks.meta.template_push import push as push_templates
from webhooks.settings import STATE_DIRECTORY, Settings, kept_secret_key

Json = dict[str, Any]

NUMBER: Final = "106540352242922"
WABA: Final = "102290129340398"
APP_SECRET: Final = "demo-app-secret"
VERIFY_TOKEN: Final = "demo-verify-token"
TOKEN: Final = "demo-token"
XENDIT_KEY: Final = "xnd_development_demo"
XENDIT_TOKEN: Final = "demo-xendit-token"
BUBBLE_WIDTH: Final = 58
HOST: Final = "127.0.0.1"
DOORS, PAGE = 8000, 8600
"""Where they are if nobody says otherwise and nobody else is there: the address of the page can be kept open."""
TERMS: Final = wiring.Timings(cashier_every=1.0)
"""Who moves the clock wants to see the money move."""


@dataclass(slots=True)
class Demo:
    """A running demo."""

    app_url: str
    simulator_url: str
    process: wiring.Process


@dataclass(slots=True)
class DemoResult:
    """What the headless demo saw."""

    went_well: bool
    conversations: int
    messages_out: int = 0
    seconds: float = 0.0
    bookings: list[Json] = field(default_factory=list)
    flow_exchanges: int = 0
    money_holds: bool = False
    failures: list[str] = field(default_factory=list)

    def as_json(self) -> str:
        """The one JSON line."""
        return json.dumps(
            {
                "ok": self.went_well,
                "conversations": self.conversations,
                "bookings": self.bookings,
                "messages_out": self.messages_out,
                "flow_exchanges": self.flow_exchanges,
                "money_holds": self.money_holds,
                "failures": self.failures,
                "seconds": round(self.seconds, 1),
            }
        )


@dataclass(frozen=True, slots=True)
class Ports:
    """Where doors and page are asked to be: 0 takes a free one, none the usual one if it is free."""

    doors: int | None = None
    page: int | None = None


class SimulatorDidNotStart(Exception):
    """The simulated outside world ended before it listened; it has said why itself."""


@asynccontextmanager
async def simulated(
    app_url: str, port: int, seed: int | None, api_token: str, business: Business
) -> AsyncIterator[str]:
    """The outside world as a process of its own; its address. It ends with this process, however that ends."""
    told = {
        "app_url": app_url,
        "port": port,
        "seed": seed,
        "app_secret": APP_SECRET,
        "verify_token": VERIFY_TOKEN,
        "token": TOKEN,
        "phone_number_id": NUMBER,
        "waba_id": WABA,
        "verified_name": business.name,
        "timezone": business.timezone,
        "api_token": api_token,
        "xendit_secret_key": XENDIT_KEY,
        "xendit_webhook_token": XENDIT_TOKEN,
        # the pair limit stays off here only: the scripted customer types faster than any person
        "pair_rate": False,
    }
    # by standard input: what stands on a command line is shown to everybody on the machine
    command = [sys.executable, "-m", "simulator", "--settings", "-", "--end-with-stdin"]
    child = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, start_new_session=True)
    assert child.stdin is not None
    try:
        child.stdin.write(
            json.dumps({name: value for name, value in told.items() if value is not None}).encode() + b"\n"
        )
        await child.stdin.drain()
        assert child.stdout is not None
        line = await child.stdout.readline()
        if not line:
            await child.wait()
            raise SimulatorDidNotStart("the simulated WhatsApp did not start")
        yield str(json.loads(line)["url"])
    finally:
        if child.returncode is None:
            child.send_signal(signal.SIGTERM)
        await child.wait()


@contextmanager
def _door(wanted: int | None) -> Iterator[socket.socket]:
    """The socket of the doors: where it was asked for, or the usual place if that is free, or any."""
    with ExitStack() as stack:
        door = None
        if wanted is None:
            # Taken by somebody else: for the demo any port is as good.
            with contextlib.suppress(launch.CannotListen):
                door = stack.enter_context(launch.listening(HOST, DOORS))
        yield door or stack.enter_context(launch.listening(HOST, wanted or 0))


@asynccontextmanager
async def running(settings: Settings, uri: str, *, ports: Ports, seed: int | None) -> AsyncIterator[Demo]:
    """Simulator, doors and worker; all stopped in order at the end."""
    api_token = settings.janji_api_token or SecretStr(secrets.token_urlsafe(24))
    page = ports.page if ports.page is not None else PAGE if is_free(PAGE) else 0
    with _door(ports.doors) as door:
        port = door.getsockname()[1]
        app_url = f"http://{HOST}:{port}"
        business = load_business(settings.business_file)
        async with simulated(app_url, page, seed, api_token.get_secret_value(), business) as simulator_url:
            changed = settings.with_changes(
                host=HOST,
                port=port,
                secret_key=kept_secret_key(),
                whatsapp_phone_number_id=NUMBER,
                whatsapp_token=SecretStr(TOKEN),
                whatsapp_app_secret=SecretStr(APP_SECRET),
                whatsapp_verify_token=SecretStr(VERIFY_TOKEN),
                graph_api_base_url=simulator_url,
                whatsapp_waba_id=WABA,
                flow_private_key=SecretStr((await asyncio.to_thread(new_key_pair))[0]),
                xendit_secret_key=SecretStr(XENDIT_KEY),
                xendit_webhook_token=SecretStr(XENDIT_TOKEN),
                xendit_base_url=simulator_url,
                janji_api_token=api_token,
            )
            async with launch.running(changed, uri, embedded.TRIAL_ONLY, TERMS, door) as process:
                # The form in every language, as `janji flows publish` does it.
                keys = flow_keys(changed)
                assert keys is not None
                await publish_forms(changed, keys, process.business, process.parts.published_flows)
                # What is said outside the 24 hours, as `janji templates push` does it, and approved at once.
                await push_templates(changed, process.business)
                async with httpx.AsyncClient(base_url=simulator_url, trust_env=False) as outside:
                    (await outside.post("/sim/templates/review", json={})).raise_for_status()
                    for phone in partner_phones(business):
                        (await outside.post("/sim/customers", json=phone)).raise_for_status()
                with noted(changed, uri):
                    yield Demo(app_url, simulator_url, process)


@asynccontextmanager
async def shown(settings: Settings, uri: str, *, ports: Ports, seed: int | None) -> AsyncIterator[Demo]:
    """A demo for people: a database of its own, gone at the end, as the simulated world is."""
    settings = _own_database(settings)
    with demo_business.staffed(settings) as settings:
        async with running(settings, uri, ports=ports, seed=seed) as demo:
            try:
                await demo_people.seed(demo.process.accounts, await server_now(demo.process.database))
                yield demo
            finally:
                await demo.process.client.drop_database(settings.mongodb_database)


async def chatting(settings: Settings, uri: str, options: Sequence[str]) -> int:
    """A demo with a phone in this terminal; ends with the chat, which answers with its exit code."""
    async with shown(settings, uri, ports=Ports(0, 0), seed=None) as demo:
        command = [sys.executable, "-m", "simulator.chat", "--url", demo.simulator_url, *options]
        child = await asyncio.create_subprocess_exec(*command)
        try:
            return await child.wait()
        finally:
            if child.returncode is None:
                child.terminate()
                await child.wait()


def addresses(demo: Demo) -> Group:
    """The one page to open, and what machines and terminals may want."""
    page = Panel(f"[bold]{demo.simulator_url}/phone/[/bold]", title="Open this page", expand=False, padding=(1, 4))
    others = (
        f"all phones     {demo.simulator_url}/phone/?phones=all",
        "               the guest's, and those of who delivers: provider, staff, manager of the place",
        f"console        {demo.app_url}/console",
        *(f"               {person.email}, password: {person.password}" for person in demo_people.PEOPLE),
        f"in a terminal  janji chat --url {demo.simulator_url}",
        f"backend        {demo.app_url}",
        "look inside    janji --demo money check",
        "               janji --demo deliveries list",
        "               janji --demo lead show ID",
        "Ctrl-C ends it; what was booked is gone then.",
    )
    return Group(page, *others)


def _own_database(settings: Settings) -> Settings:
    """A fresh one each time: what an earlier run left must not answer for this one."""
    return settings.with_changes(mongodb_database=f"janji_demo_{os.getpid()}")


async def headless(
    settings: Settings, uri: str, customers: Sequence[Json], *, ports: Ports, seed: int | None, console: Console
) -> DemoResult:
    """Scripted customers through the whole running system, shown as bubbles."""
    began = time.monotonic()
    settings = _own_database(settings)
    async with running(settings, uri, ports=ports, seed=seed) as demo:
        result = await _played(demo, customers, console)
        console.rule("days pass: what was booked is given, the money settles, the partners are paid")
        await demo_money.settle(demo.simulator_url, demo.process)
        report = await demo_money.report(demo.process)
        result.bookings, result.money_holds = report.bookings, report.holds
        result.failures += report.failures
        result.went_well = result.went_well and report.holds and not report.failures
        for booking in report.bookings:
            console.print(demo_money.in_words(booking), markup=False, highlight=False)
        result.messages_out = await demo.process.parts.messages.count_sent()
        await demo.process.client.drop_database(settings.mongodb_database)
    result.seconds = time.monotonic() - began
    return result


async def _played(demo: Demo, scripts: Sequence[Json], console: Console) -> DemoResult:
    command = [sys.executable, "-m", "simulator.play", "--url", demo.simulator_url]
    child = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE)
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(json.dumps({"customers": list(scripts)}).encode())
    child.stdin.close()
    told: dict[str, list[Json]] = {script["name"]: [] for script in scripts}
    # While the scripts run: a customer's next step waits for the payment to be noticed.
    paying = asyncio.create_task(demo_money.pay_every_link(demo.simulator_url))
    async for line in child.stdout:
        event = json.loads(line)
        told[event["customer"]].append(event)
    code = await child.wait()
    paying.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await paying
    for name, events in told.items():
        console.rule(name)
        for event in events:
            if event["event"] == "saw":
                choices = "".join(f"\n[ {choice} ]" for choice in event["choices"])
                console.print(Panel(event["text"] + choices, width=BUBBLE_WIDTH, border_style="green"), markup=False)
            elif event["event"] == "failed":
                console.print(f"✗ {event['problem']}", style="red", markup=False)
            else:
                panel = Panel(event["text"], width=BUBBLE_WIDTH, border_style="blue")
                console.print(Padding(panel, (0, 0, 0, console.width - BUBBLE_WIDTH - 1)))
    failures = [event["problem"] for events in told.values() for event in events if event["event"] == "failed"]
    exchanges = sum(event.get("exchanges", 0) for events in told.values() for event in events)
    return DemoResult(
        went_well=code == 0 and not failures,
        conversations=len(scripts),
        flow_exchanges=exchanges,
        failures=failures,
    )


def state_directory() -> Path:
    """Where the embedded MongoDB of demo and up keeps its data."""
    return STATE_DIRECTORY / "mongo"
