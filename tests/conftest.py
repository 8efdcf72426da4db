"""What every test may ask for: a real MongoDB, a fresh database on either driver, and the search profiles."""

import gc
import os
import secrets
import signal
import ssl
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any, NoReturn, cast

import pytest
import structlog
from hypothesis import HealthCheck, is_hypothesis_test, settings
from jinja2 import Environment
from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorDatabase
from pymongo import AsyncMongoClient, MongoClient
from pymongo.asynchronous.collection import AsyncCollection
from werkzeug.routing import Rule

from bot.business import file as business_file
from bot.business.definition import Business
from bot.business.file import PriceBookFile
from bot.business.problems import Problems
from payments.store.records import Records
from tests import databases, routes
from tests.databases import clean_database
from webhooks import business
from webhooks.local import embedded

HERE = Path(__file__).parent
REQUIRE_ALL = os.environ.get("JANJI_REQUIRE_ALL") == "1"
PROVE = bool(os.environ.get("JANJI_PROVE_SEEDS"))
BOTH_DRIVERS = ("motor", "pymongo")
# Production is on PyMongo's own client (docs/adr/0019): every suite proves that, `make prove` Motor as well.
DRIVERS = ("pymongo", pytest.param("motor", marks=pytest.mark.prove))

# PyMongo's own async client is met through the subset it shares with Motor: tests call both Motor's.
Client = AsyncIOMotorClient[dict[str, Any]]
Database = AsyncIOMotorDatabase[dict[str, Any]]

settings.register_profile("fast", max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("deep", settings.get_profile("fast"), max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fast"))


def sampled(values: Sequence[Any], every: int, *, of_many: bool = False) -> list[Any]:
    """Every so many of these cases, from the first, in the suite; all of them in `make prove`. A case is one value, or
    `of_many` names."""
    return [
        value if number % every == 0 else pytest.param(*(value if of_many else (value,)), marks=pytest.mark.prove)
        for number, value in enumerate(values)
    ]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What starts processes waits most and comes first: at the end one worker would wait for it while the other has
    nothing to do. What is marked `prove` is long and belongs to `make prove`: left out of the suite, never skipped
    in it."""
    items.sort(key=lambda item: item.get_closest_marker("processes") is None)
    for item in items:
        # Tracing doubles the time of the hundreds of examples a law draws, and of the tests beside this file, which
        # read the code and run little of it: the floors of coverage hold without them.
        if is_hypothesis_test(getattr(item, "obj", None)) or item.path.parent == HERE:
            item.add_marker("no_cover")
    if PROVE:
        return
    config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker("prove")])
    items[:] = [item for item in items if not item.get_closest_marker("prove")]


@pytest.fixture
def proven(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Says in a line at the end of the run what was proven how often, and from which seed: also of what went well."""

    def say(line: str) -> None:
        record_property("proven", line)

    return say


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """The lines of `proven`, whether output is shown or not."""
    reports = [one for kind in ("passed", "failed") for one in terminalreporter.getreports(kind)]
    lines = [line for one in reports if one.when == "call" for name, line in one.user_properties if name == "proven"]
    if lines:
        terminalreporter.section("proven")
    for line in lines:
        terminalreporter.write_line(line)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """`JANJI_REQUIRE_ALL=1` turns every skip into a failure: what cannot run there is not proven."""
    report = yield
    if REQUIRE_ALL and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, but JANJI_REQUIRE_ALL=1: {report.longrepr}"
    return report


def pytest_collection_finish() -> None:
    """What is there before the first test stays to the end: the garbage collector need not look at it again."""
    gc.freeze()


def pytest_runtest_setup() -> None:
    """Threads are the database driver's: to trace them for coverage takes as long as what they do. Coverage asks for it
    at its begin, and once more whenever it goes on behind a test that is not traced."""
    threading.settrace(None)


@pytest.fixture(scope="session", autouse=True)
def _trusted_roots_read_once() -> Iterator[None]:
    """Each HTTP client reads the file of trusted roots, for 40 ms, and speaks to this machine only."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ssl, "create_default_context", cache(ssl.create_default_context))
        yield


@pytest.fixture(scope="session", autouse=True)
def _handlers_of_signals_not_described() -> Iterator[None]:
    """Around each coroutine `asyncio` sets a handler and takes it back. What it took back, Python before 3.12 looks for
    among numbers and says in words that it is none: with all that a fixture made, a third of a second for a world."""
    if sys.version_info >= (3, 12):
        yield
        return
    among: Callable[[Any, Any], Any] = signal._int_to_enum  # type: ignore[attr-defined]

    def number_or_itself(value: Any, kind: Any) -> Any:
        return among(value, kind) if isinstance(value, int) else value

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(signal, "_int_to_enum", number_or_itself)
        yield


@pytest.fixture(scope="session", autouse=True)
def _routes_read_once() -> Iterator[None]:
    """Each world makes two applications with the same routes, and nobody asks either for the address of one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_compile_builder", routes.written_when_called)
        patch.setattr(Rule, "_parse_rule", routes.parted_once)
        yield


@pytest.fixture(scope="session", autouse=True)
def _business_read_once() -> Iterator[None]:
    """Each process of ours reads its business file, for 50 ms: most the same one, which is the same value then."""
    same = cache(business_file.parse)

    def parsed(text: str, name: str, book: PriceBookFile) -> Business | Problems:
        # a table of prices lies next to the file, and tests write another one there
        return business_file.parse(text, name, book) if "price_book:" in text else same(text, name)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(business, "parse", parsed)
        yield


@pytest.fixture(scope="session", autouse=True)
def _indexes_made_once() -> Iterator[None]:
    """Each process that begins makes sure of every index, a round trip or two each: a database that is given again has
    them."""
    making, looking = AsyncCollection.create_index, Records.index

    async def once(self: AsyncCollection[Any], keys: Any, *more: Any, **options: Any) -> str:
        return "" if databases.is_made(self.database.name) else await making(self, keys, *more, **options)

    async def looked(self: Records[Any], *names: str, **more: Any) -> None:
        if not databases.is_made(self._documents.database.name):
            await looking(self, *names, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(AsyncCollection, "create_index", once)
        patch.setattr(Records, "index", looked)
        yield


@pytest.fixture(scope="session", autouse=True)
def _pages_compiled_once() -> Iterator[None]:
    """Each console has its templates made into code, for half a second: the same words in the same hands are the same
    code."""
    compiled: Callable[..., Any] = Environment.compile
    known: dict[tuple[Any, ...], Any] = {}

    def once(self: Environment, source: Any, name: str | None = None, filename: str | None = None, **more: Any) -> Any:
        if self.autoescape is not True or more:
            return compiled(self, source, name, filename, **more)
        hands = (self.finalize, self.trim_blocks, self.lstrip_blocks, *self.filters.values(), *self.tests.values())
        key = (source, name, filename, *hands)
        if key not in known:
            known[key] = compiled(self, source, name, filename)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Environment, "compile", once)
        yield


@pytest.fixture(scope="session", autouse=True)
def _plain_logs() -> None:
    """Logs as one line each: what structlog makes of an exception by default draws every local of every frame."""
    plain: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(),
    ]
    structlog.configure(processors=plain)


def cannot_run(reason: str) -> NoReturn:
    """Names a test as skipped for a reason of this machine (a failure where all is required)."""
    pytest.skip(reason)


@pytest.fixture(scope="session")
def mongodb_uri(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A replica set with full rights: `JANJI_TEST_MONGODB_URI`, else an embedded `mongod` per worker."""
    given = os.environ.get("JANJI_TEST_MONGODB_URI")
    if given:
        yield given
        databases.drop_all(given)
        return
    try:
        server = embedded.start(tmp_path_factory.mktemp("mongo"), embedded.FOR_TESTS)
    except embedded.CannotStart as reason:
        cannot_run(str(reason))
    _without_waiting_for_the_disk(server.uri)
    yield server.uri
    server.stop()


def _without_waiting_for_the_disk(uri: str) -> None:
    """Majority writes are answered from memory: three times as fast, and what the tests kill are our own
    processes, never this server (`tests/faults/test_majority.py` starts its own)."""
    with MongoClient[dict[str, Any]](uri) as client:
        config = client.admin.command("replSetGetConfig")["config"]
        changed = config | {"version": config["version"] + 1, "writeConcernMajorityJournalDefault": False}
        client.admin.command("replSetReconfig", changed, force=True)
        client["warm"]["up"].insert_one({})
        client.drop_database("warm")


@asynccontextmanager
async def connected(uri: str, driver: str) -> AsyncIterator[Client]:
    """A client of one driver, closed the way that driver wants."""
    if driver == "motor":
        client: Client = AsyncIOMotorClient(uri, tz_aware=True)
        try:
            yield client
        finally:
            client.close()
    else:
        async with AsyncMongoClient[dict[str, Any]](uri, tz_aware=True) as other:
            yield cast("Client", other)


@pytest.fixture
async def client_for(mongodb_uri: str) -> AsyncIterator[Callable[[str], Awaitable[Client]]]:
    """Makes clients by driver name, `await client_for("pymongo")`; all are closed after the test."""
    async with AsyncExitStack() as clients:

        async def make(driver: str) -> Client:
            return await clients.enter_async_context(connected(mongodb_uri, driver))

        yield make


@pytest.fixture
async def database(mongodb_uri: str, request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    """A database of this version with nothing in it; marked `new_database`, one that nobody has brought to a version.

    On PyMongo's, unless the test asks for others: `@pytest.mark.parametrize("database", DRIVERS, indirect=True)`.
    """
    async with connected(mongodb_uri, getattr(request, "param", "pymongo")) as client:
        if request.node.get_closest_marker("new_database") is None:
            async with clean_database(mongodb_uri, client) as name:
                yield client[name]
        else:
            fresh = client[f"test_{secrets.token_hex(8)}"]
            yield fresh
            await client.drop_database(fresh.name)
