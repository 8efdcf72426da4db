"""The long-running commands: serve, work, up; clean start, clean end on SIGTERM and Ctrl-C."""

import asyncio
import errno
import signal
import socket
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from typing import Any, Final

import structlog
import uvicorn

from webhooks.settings import Settings
from webhooks.upgrade import bring_up
from webhooks.wiring import Process, Timings, opened

log = structlog.get_logger(__name__)

SHUTDOWN_WITHIN: Final = 20
KEEP_ALIVE: Final = 75
"""Seconds an idle connection stays open. Longer than a proxy in front keeps one (60 at most of them), which else might
find it ended at the very moment of its next request."""


async def serve(settings: Settings, uri: str, terms: Timings | None = None) -> None:
    """The doors, until told to stop."""
    told = asyncio.Event()
    # signals are heard from the first moment on: whoever starts it may stop it before it is up
    with on_signals(told.set), listening(settings.host, settings.port) as door:
        async with opened(settings, uri, terms) as process:
            await bring_up(process)
            server = _server(process)
            await _until(told, _doors(server), server.serve([door]), lambda: _stop_server(server))


async def work(settings: Settings, uri: str, terms: Timings | None = None) -> None:
    """The worker, until told to stop."""
    told = asyncio.Event()
    with on_signals(told.set):
        async with opened(settings, uri, terms) as process:
            await bring_up(process)
            worker = process.worker()
            log.info("worker_started", process=process.name)
            await _until(told, "the worker", worker.run(), worker.stop)
            log.info("worker_stopped", process=process.name)


class PartEnded(Exception):
    """A part that runs as long as the process does ended by itself; the process ends with it, to be started again."""

    def __init__(self, part: str, why: str = "it ended by itself") -> None:
        super().__init__(f"{part}: {why}")


class CannotListen(Exception):
    """The doors cannot be opened at that address; the text says why, and what to do."""


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """A socket at that address, taken before anything else is begun; CannotListen."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as door:
        # what the last process left in TIME_WAIT is no reason to wait
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((host, port))
            # from here on nobody else gets the port, though the doors open later
            door.listen()
        except (OSError, UnicodeError) as error:
            raise CannotListen(_why(host, port, error)) from None
        yield door


def _why(host: str, port: int, error: Exception) -> str:
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return f"PORT: {host}:{port} is taken; stop what listens there, or choose another (0 takes a free one)"
    if isinstance(error, OSError) and error.errno == errno.EACCES:
        return f"PORT: {port} needs rights that this user has not; choose one above 1023"
    if isinstance(error, socket.gaierror | UnicodeError) or getattr(error, "errno", None) == errno.EADDRNOTAVAIL:
        return f"HOST: {host!r} is no address of this machine; 127.0.0.1 is for this machine alone, 0.0.0.0 for all"
    return f"HOST, PORT: cannot listen on {host}:{port} ({type(error).__name__})"


async def _until(told: asyncio.Event, name: str, running: Coroutine[Any, Any, None], stop: Callable[[], None]) -> None:
    """Run it until somebody says stop, then let it finish; PartEnded when it ended by itself."""
    task, waiting = asyncio.create_task(running), asyncio.create_task(told.wait())
    await asyncio.wait((task, waiting), return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    stop()
    await task
    if not told.is_set():
        raise PartEnded(name)


async def up(settings: Settings, uri: str, notice: str | None) -> None:
    """Doors and worker in one process, until told to stop."""
    told = asyncio.Event()
    with on_signals(told.set):
        async with running(settings, uri, notice) as process:
            log.info("up", process=process.name)
            await told.wait()


@asynccontextmanager
async def running(
    settings: Settings,
    uri: str,
    notice: str | None = None,
    terms: Timings | None = None,
    door: socket.socket | None = None,
) -> AsyncIterator[Process]:
    """Doors and worker running; at the end the doors close first, then the worker finishes the visits under way.

    When one of the two ends by itself, PartEnded ends what runs inside. The doors listen on the socket `door`, or where
    the settings say; raises CannotListen.
    """
    async with AsyncExitStack() as stack:
        if door is None:
            door = stack.enter_context(listening(settings.host, settings.port))
        process = await stack.enter_async_context(opened(settings, uri, terms, notice))
        await bring_up(process)
        server, worker = _server(process), process.worker()
        stopping = asyncio.Event()
        try:
            async with asyncio.TaskGroup() as parts:
                serving = parts.create_task(_part(_doors(server), server.serve([door]), stopping))
                working = parts.create_task(_part("the worker", worker.run(), stopping))
                try:
                    # Uvicorn tells nobody that it listens; ended by itself before, it never will.
                    while not server.started:
                        if serving.done():
                            raise PartEnded(_doors(server), "they could not be opened")
                        await asyncio.sleep(0.02)
                    yield process
                finally:
                    # Doors first: what they take in until they are shut is worked off by the worker that goes on.
                    stopping.set()
                    _stop_server(server)
                    await asyncio.wait((serving,))
                    worker.stop()
                    await asyncio.wait((working,))
        except BaseExceptionGroup as several:
            raise _first(several) from several


async def _part(name: str, running: Coroutine[Any, Any, None], stopping: asyncio.Event) -> None:
    try:
        await running
    except (Exception, SystemExit) as error:
        log.exception("part_failed", part=name, problem=type(error).__name__)
        # SystemExit too: uvicorn leaves by it where it cannot start, and the worker would be cut off.
        raise PartEnded(name, type(error).__name__) from error
    if not stopping.is_set():
        raise PartEnded(name)


def _first(several: BaseExceptionGroup[BaseException]) -> BaseException:
    """The error itself, out of the exception groups around it."""
    first = several.exceptions[0]
    return _first(first) if isinstance(first, BaseExceptionGroup) else first


class _QuietServer(uvicorn.Server):
    """Uvicorn without its own signal handlers: ours end doors and worker in order."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals alone."""
        yield


def _server(process: Process) -> uvicorn.Server:
    # late: the framework and the API take 16 MB, which a worker has no use for
    from webhooks.doorway import doors_of
    from webhooks.processes.web import create_app

    config = uvicorn.Config(
        create_app(doors_of(process)),
        host=process.settings.host,
        port=process.settings.port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=SHUTDOWN_WITHIN,
        timeout_keep_alive=KEEP_ALIVE,
        server_header=False,
        lifespan="on",
    )
    return _QuietServer(config)


def _doors(server: uvicorn.Server) -> str:
    return f"the doors at {server.config.host}:{server.config.port}"


def _stop_server(server: uvicorn.Server) -> None:
    server.should_exit = True


@contextmanager
def on_signals(act: Callable[[], None], *signs: signal.Signals) -> Iterator[None]:
    """While inside, these signals (SIGTERM and SIGINT when none are named) call the given function; afterwards they
    do what they did before."""
    if threading.current_thread() is not threading.main_thread():
        # signals reach the main thread only; who runs us in another one ends it by other means
        yield
        return
    loop = asyncio.get_running_loop()
    wanted = signs or (signal.SIGTERM, signal.SIGINT)
    before = {sign: signal.getsignal(sign) for sign in wanted}
    for sign in wanted:
        loop.add_signal_handler(sign, act)
    try:
        yield
    finally:
        for sign, handler in before.items():
            loop.remove_signal_handler(sign)
            # asyncio would leave the default: a second SIGTERM would then kill what is being put in order
            signal.signal(sign, handler)
