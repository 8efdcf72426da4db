"""A door without a framework answers as every other door does, and reads no more of a body than it may."""

import json
from collections.abc import Sequence
from typing import Any

import pytest
from pymongo.errors import NetworkTimeout

from webhooks.edge.bodies import BodyRefused
from webhooks.edge.failures import SECURITY_HEADERS
from webhooks.edge.raw import RawAnswer, RawDoors, RawRequest, refused

PATH = "/here"
Sent = dict[str, Any]


def part(body: bytes, more: bool = False) -> Sent:
    return {"type": "http.request", "body": body, "more_body": more}


GONE: Sent = {"type": "http.disconnect"}


class Visit:
    """One request, what the door read of it, and what it was answered."""

    def __init__(self, *messages: Sent, fails: Exception | None = None, limit: int = 10) -> None:
        self.left = list(messages)
        self.fails = fails
        self.limit = limit
        self.read: bytes | None = None
        self.request: RawRequest | None = None
        self.sent: list[Sent] = []
        self.beyond = 0

    async def door(self, request: RawRequest) -> RawAnswer:
        if self.fails is not None:
            raise self.fails
        self.request = request
        try:
            self.read = await request.body(self.limit)
        except BodyRefused as not_read:
            return refused(not_read.why)
        return RawAnswer(200, b"read")

    async def receive(self) -> Sent:
        return self.left.pop(0)

    async def send(self, message: Any) -> None:
        self.sent.append(message)

    async def elsewhere(self, *_: Any) -> None:
        self.beyond += 1

    async def made(
        self, method: str = "POST", path: str = PATH, headers: Sequence[tuple[bytes, bytes]] = (), query: bytes = b""
    ) -> "Visit":
        scope = {"type": "http", "method": method, "path": path, "headers": list(headers), "query_string": query}
        await RawDoors({PATH: {"POST": self.door}}, self.elsewhere)(scope, self.receive, self.send)
        return self

    @property
    def status(self) -> int:
        return int(self.sent[0]["status"])

    @property
    def headers(self) -> dict[str, str]:
        return {name.decode(): value.decode() for name, value in self.sent[0]["headers"]}

    @property
    def kind(self) -> str:
        assert self.headers["content-type"] == "application/problem+json"
        return str(json.loads(self.sent[1]["body"])["type"]).removeprefix("urn:janji:problem:")


async def test_a_body_in_pieces_is_one_body() -> None:
    visit = await Visit(part(b"abc", True), part(b"", True), part(b"def")).made(headers=[(b"content-length", b"6")])
    assert (visit.read, visit.status, visit.sent[1]["body"]) == (b"abcdef", 200, b"read")


async def test_a_body_declared_too_large_is_413_before_any_of_it_is_read() -> None:
    visit = await Visit(part(b"x" * 11)).made(headers=[(b"content-length", b"11")])
    assert (visit.status, visit.kind, len(visit.left)) == (413, "body-too-large", 1)


async def test_a_body_that_grows_too_large_is_413_and_no_more_of_it_is_read() -> None:
    visit = await Visit(part(b"x" * 8, True), part(b"x" * 8, True), part(b"x")).made()
    assert (visit.status, visit.kind, len(visit.left)) == (413, "body-too-large", 1)


@pytest.mark.parametrize("headers", [[], [(b"content-length", b"6")]])
async def test_a_sender_who_leaves_half_way_has_sent_nothing(headers: list[tuple[bytes, bytes]]) -> None:
    visit = await Visit(part(b"abc", True), GONE).made(headers=headers)
    assert (visit.read, visit.status, visit.kind) == (None, 400, "half-a-body")


async def test_every_answer_tells_a_browser_to_do_nothing_with_it() -> None:
    for visit in (await Visit(part(b"")).made(), await Visit(fails=ValueError()).made(), await Visit().made("PUT")):
        assert {name: visit.headers[name.lower()] for name in SECURITY_HEADERS} == SECURITY_HEADERS
        assert visit.headers["content-length"] == str(len(visit.sent[1]["body"]))


async def test_a_method_the_door_has_not_is_405_and_names_those_it_has() -> None:
    visit = await Visit().made("DELETE")
    assert (visit.status, visit.kind, visit.headers["allow"]) == (405, "method-not-allowed", "POST")


async def test_a_database_that_is_gone_is_503_and_our_own_failure_500_without_a_word_of_it() -> None:
    gone = await Visit(fails=NetworkTimeout("mongodb://host:1")).made()
    assert (gone.status, gone.kind) == (503, "database-unavailable")
    broken = await Visit(fails=KeyError("a very private sentence")).made()
    assert (broken.status, broken.kind) == (500, "unexpected")
    assert b"private" not in broken.sent[1]["body"]


async def test_every_other_path_is_handed_on() -> None:
    for path in ("/", "/here/", "/here/more"):
        visit = await Visit().made(path=path)
        assert (visit.beyond, visit.sent) == (1, [])


async def test_of_a_header_or_a_question_given_twice_the_first_counts() -> None:
    headers = [(b"x-token", b"first"), (b"x-token", b"second"), (b"x-odd", b"\xff")]
    visit = await Visit(part(b"")).made(headers=headers, query=b"a=1&a=2&b=&c=%FF%00")
    assert visit.request is not None
    assert [visit.request.header(name) for name in (b"x-token", b"x-odd", b"x-none")] == ["first", "\xff", None]
    assert visit.request.query() == {"a": "1", "b": "", "c": "\ufffd\x00"}
