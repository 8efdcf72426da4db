"""Everything that runs during a benchmark, put together once."""

import asyncio
import contextlib
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from benchmarks.load import counters, peer, processes, sealing, whatsapp
from benchmarks.load.peer import Peer
from benchmarks.load.processes import Mongod, Product, bare_environment, free_port
from benchmarks.load.whatsapp import Graph

XENDIT_KEY: Final = "xnd_development_bench"
API_TOKEN: Final = "bench-token-for-machines"
"""Ours where a part asks for one; the simulator always has it."""
XENDIT_TOKEN: Final = "bench-xendit-token"
QUIET_SAMPLE: Final = 0.4
QUIET_ALLOWS: Final = 12
"""Commands beyond the usual in one sample: a look for work comes once in a while, not evenly."""
QUIET_WITHIN: Final = 60.0


@dataclass(slots=True)
class Rig:
    """The product with its database, its outside world, and the peer."""

    directory: Path
    mongod: Mongod
    product: Product
    graph: Graph
    graph_url: str
    simulator_url: str
    peer: Peer | None
    flow_key: RSAPublicKey
    idle_rate: float = 0.0
    """Commands a second while nothing happens, once measured."""
    notes: list[str] = field(default_factory=list)

    async def commands(self) -> Counter[str]:
        """The database's command counters now."""
        client: Any = self.mongod.client
        return await asyncio.to_thread(counters.commands, client)

    def processor_seconds(self) -> dict[str, float]:
        """Processor time so far, of each of our own processes and of mongod."""
        return {child.name: child.processor_seconds() for child in (*self.product.running, self.mongod.child)}

    async def begin(self, database: str, *names: str) -> None:
        """The product's processes on a database of that name, migrated; the Graph API is ours."""
        await self.product.run("migrate", MONGODB_DATABASE=database)
        await self.product.start(*names, MONGODB_DATABASE=database)

    async def publish_forms(self, database: str) -> None:
        """The booking forms, as an operator publishes them, at the simulated Meta."""
        more = {"MONGODB_DATABASE": database, "GRAPH_API_BASE_URL": self.simulator_url}
        await self.product.run("flows", "publish", **more)

    async def drop(self, database: str) -> None:
        """Forget a database."""
        await asyncio.to_thread(self.mongod.client.drop_database, database)

    async def quiet(self) -> None:
        """Wait until the database is asked no more than when nothing happens, for a moment."""
        ends, calm = time.monotonic() + QUIET_WITHIN, 0
        before = (await self.commands()).total()
        while calm < 2 and time.monotonic() < ends:
            await asyncio.sleep(QUIET_SAMPLE)
            after = (await self.commands()).total()
            calm = calm + 1 if after - before <= self.idle_rate * QUIET_SAMPLE + QUIET_ALLOWS else 0
            before = after
        for child in self.product.running:
            child.check()


@asynccontextmanager
async def opened(tree: Path, *, cache_gb: float, with_peer: bool = True) -> AsyncIterator[Rig]:
    """The rig with a fresh mongod, no process of the product running yet; all gone at the end."""
    directory = Path(tempfile.mkdtemp(prefix="janji-bench-"))
    pem, public = sealing.new_key()
    async with AsyncExitStack() as stack:
        stack.callback(shutil.rmtree, directory, ignore_errors=True)
        mongod = await stack.enter_async_context(processes.mongod(directory, cache_gb))
        port = free_port()
        graph = Graph(port)
        server, graph_url = await whatsapp.serve_graph(graph)
        stack.callback(server.close)
        environment = bare_environment(
            PYTHONPATH=str(tree),
            HOST="127.0.0.1",
            PORT=str(port),
            SECRET_KEY="bench-secret-key-of-at-least-forty-characters",
            MONGODB_URI=mongod.uri,
            MONGODB_DATABASE="bench",
            WHATSAPP_PHONE_NUMBER_ID=whatsapp.NUMBER,
            WHATSAPP_WABA_ID=whatsapp.WABA,
            WHATSAPP_TOKEN=whatsapp.TOKEN,
            WHATSAPP_APP_SECRET=whatsapp.APP_SECRET,
            WHATSAPP_VERIFY_TOKEN=whatsapp.VERIFY_TOKEN,
            GRAPH_API_BASE_URL=graph_url,
            FLOW_PRIVATE_KEY=pem,
            XENDIT_SECRET_KEY=XENDIT_KEY,
            XENDIT_WEBHOOK_TOKEN=XENDIT_TOKEN,
            LOG_LEVEL="warning",
            LOG_FORMAT="json",
        )
        product = Product(tree, directory, environment, port)
        outside = ["--app-secret", whatsapp.APP_SECRET, "--verify-token", whatsapp.VERIFY_TOKEN]
        outside += ["--token", whatsapp.TOKEN, "--phone-number-id", whatsapp.NUMBER, "--waba-id", whatsapp.WABA]
        outside += ["--xendit-secret-key", XENDIT_KEY, "--xendit-webhook-token", XENDIT_TOKEN, "--no-pair-rate"]
        outside += ["--api-token", API_TOKEN]
        simulator_url = await stack.enter_async_context(processes.simulator(product, outside))
        product.environment["XENDIT_BASE_URL"] = simulator_url
        beside = await stack.enter_async_context(peer.running(directory, pem)) if with_peer else None
        stack.push_async_callback(product.stop)
        telling = asyncio.create_task(graph.tell())
        stack.push_async_callback(_cancelled, telling)
        yield Rig(directory, mongod, product, graph, graph_url, simulator_url, beside, public)


async def _cancelled(task: "asyncio.Task[None]") -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
