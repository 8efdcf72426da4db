"""A post says whether anything was handed over, whatever the other end does; connections are kept and not trusted."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.adapters.whatsapp import posts
from bot.adapters.whatsapp.posts import Answer, NoAnswer, NothingHandedOver, Posts, ProxiedPosts, posts_to

Plays = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


class OtherEnd:
    """A server that does with each connection what the test says."""

    def __init__(self, plays: Plays) -> None:
        self.plays, self.connections, self.heads = plays, 0, list[bytes]()
        self.port = 0

    async def request(self, reader: asyncio.StreamReader) -> bytes:
        """The body of the next request."""
        head = await reader.readuntil(b"\r\n\r\n")
        self.heads.append(head)
        length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length"))
        return await reader.readexactly(int(length.partition(b":")[2]))

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        self.connections += 1
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            await self.plays(reader, writer)
        writer.close()


@asynccontextmanager
async def answering(
    *answers: bytes, closes: bool = False, tls: ssl.SSLContext | None = None
) -> AsyncIterator[OtherEnd]:
    """A server that gives these answers in turn, the last one again and again; an empty one is none."""
    left = list(answers)

    async def plays(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            await end.request(reader)
            answer = left.pop(0) if len(left) > 1 else left[0]
            if not answer:
                return
            writer.write(answer)
            await writer.drain()
            if closes:
                return

    end = OtherEnd(plays)
    server = await asyncio.start_server(end.serve, "127.0.0.1", 0, ssl=tls)
    end.port = server.sockets[0].getsockname()[1]
    try:
        yield end
    finally:
        server.close()


def to(end: OtherEnd, connections: int = 4, scheme: str = "http", clock: Callable[[], float] = lambda: 0.0) -> Posts:
    url = f"{scheme}://127.0.0.1:{end.port}/v23/1/messages"
    return Posts(url, {"Authorization": "Bearer x"}, connections, connections, clock)


async def test_a_request_is_what_a_server_expects_and_its_answer_comes_back() -> None:
    async with answering(OK) as end:
        client = to(end)
        assert await client.post(b'{"a":1}') == Answer(200, b"{}")
        lines = end.heads[0].split(b"\r\n")
        assert lines[0] == b"POST /v23/1/messages HTTP/1.1"
        assert f"Host: 127.0.0.1:{end.port}".encode() in lines
        assert b"Authorization: Bearer x" in lines
        assert b"Content-Length: 7" in lines
        await client.close()


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n", Answer(200, b"{}")),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + OK, Answer(200, b"{}")),
        (b"HTTP/1.1 429 Too Many\r\nContent-Length: 3\r\n\r\nabc", Answer(429, b"abc")),
        (b"HTTP/1.1 204 No Content\r\n\r\n", Answer(204, b"")),
    ],
)
async def test_answers_of_every_form_are_read(answer: bytes, expected: Answer) -> None:
    async with answering(answer) as end:
        assert await to(end).post(b"{}") == expected


async def test_an_answer_without_a_length_ends_with_its_connection() -> None:
    async with answering(b"HTTP/1.1 500 No\r\n\r\nsorry", closes=True) as end:
        assert await to(end).post(b"{}") == Answer(500, b"sorry")


@pytest.mark.parametrize(
    "answer",
    [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Le"],
)
async def test_what_was_handed_over_and_not_answered_whole_is_told_so(answer: bytes) -> None:
    async with answering(answer, closes=True) as end:
        with pytest.raises(NoAnswer):
            await to(end).post(b"{}")


async def test_where_nobody_listens_nothing_is_handed_over() -> None:
    async with answering(OK) as end:
        pass
    with pytest.raises(NothingHandedOver):
        await to(end).post(b"{}")


async def test_a_connection_is_used_again_and_no_more_than_allowed_are_open() -> None:
    async with answering(OK) as end:
        client = to(end, connections=3)
        for _ in range(3):
            await asyncio.gather(*(client.post(b"{}") for _ in range(12)))
        assert end.connections == 3
        assert len(end.heads) == 36


async def test_a_connection_that_was_closed_or_idle_for_long_is_not_used_again() -> None:
    watch = [0.0]
    async with answering(OK, closes=True) as end:
        client = to(end)
        await client.post(b"{}")
        await asyncio.sleep(0.05)
        assert await client.post(b"{}") == Answer(200, b"{}")
        assert end.connections == 2
    async with answering(OK) as end:
        client = to(end, clock=lambda: watch[0])
        await client.post(b"{}")
        watch[0] += posts.IDLE_AT_MOST + 0.1
        await client.post(b"{}")
        assert end.connections == 2


async def test_a_close_that_the_answer_announces_is_believed() -> None:
    async with answering(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}") as end:
        client = to(end)
        await client.post(b"{}")
        await client.post(b"{}")
        assert end.connections == 2


async def test_words_nobody_asked_for_are_never_the_next_answer() -> None:
    stray = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nstray"
    async with answering(OK + stray, OK) as end:
        client = to(end)
        assert await client.post(b"{}") == Answer(200, b"{}")
        assert await client.post(b"{}") == Answer(200, b"{}")


async def test_who_gives_up_leaves_no_answer_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    released = asyncio.Event()

    async def plays(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        body = await end.request(reader)
        if body == b"slow":
            await released.wait()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
        await writer.drain()
        await reader.read()

    end = OtherEnd(plays)
    server = await asyncio.start_server(end.serve, "127.0.0.1", 0)
    end.port = server.sockets[0].getsockname()[1]
    client = to(end, connections=1)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await client.post(b"slow")
    released.set()
    assert await client.post(b"next") == Answer(200, b"next")
    monkeypatch.setattr(posts, "ANSWER_WITHIN", 0.05)
    released.clear()
    with pytest.raises(NoAnswer):
        await client.post(b"slow")
    released.set()
    server.close()


async def test_who_finds_no_connection_free_has_handed_nothing_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posts, "PLACE_WITHIN", 0.05)

    async def plays(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read()

    end = OtherEnd(plays)
    server = await asyncio.start_server(end.serve, "127.0.0.1", 0)
    end.port = server.sockets[0].getsockname()[1]
    client = to(end, connections=1)
    hanging = asyncio.create_task(client.post(b"{}"))
    await asyncio.sleep(0)
    with pytest.raises(NothingHandedOver):
        await client.post(b"{}")
    hanging.cancel()
    await asyncio.gather(hanging, return_exceptions=True)
    server.close()


def _certificate(directory: Path) -> tuple[Path, ssl.SSLContext]:
    """An authority of the test's own for 127.0.0.1: its certificate, and what a server needs."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2090, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = directory / "ca.pem", directory / "key.pem"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return public, context


async def test_a_server_is_believed_by_its_certificate_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    public, context = _certificate(tmp_path)
    async with answering(OK, tls=context) as end:
        posts._trusted.cache_clear()
        with pytest.raises(NothingHandedOver):
            await to(end, scheme="https").post(b"{}")
        monkeypatch.setenv("SSL_CERT_FILE", str(public))
        posts._trusted.cache_clear()
        assert await to(end, scheme="https").post(b"{}") == Answer(200, b"{}")
    posts._trusted.cache_clear()


async def test_a_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    assert isinstance(posts_to("http://graph.test/v1", {}, 2, 2), Posts)
    async with answering(OK) as end:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{end.port}")
        client = posts_to("http://graph.test/v1", {"Authorization": "Bearer x"}, 2, 2)
        assert isinstance(client, ProxiedPosts)
        assert await client.post(b"{}") == Answer(200, b"{}")
        assert end.heads[0].startswith(b"POST http://graph.test/v1 ")
        await client.close()
    monkeypatch.setenv("no_proxy", "graph.test")
    assert isinstance(posts_to("http://graph.test/v1", {}, 2, 2), Posts)
