"""One input for every door of the product: how a sender would send it, were he confused, broken or hostile."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote, urlsplit

import httpx

from simulator.flow_client.sealing import seal_request
from tests.faults.fuzz import seeds
from tests.faults.fuzz.mutate import Mutator
from tests.journeys.flow_world import keys
from tests.journeys.world import API_TOKEN, World
from webhooks.api.openapi import document, operations, resolved

Json = dict[str, Any]

SENDERS: Final = tuple(f"62813{number:08d}" for number in range(40))
HTTP_METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE")
IS_READ: Final = 0.95
"""The share of inputs that carry the right signature or token."""


@dataclass(frozen=True, slots=True)
class Input:
    """One request, or bytes for the bare port."""

    door: str
    method: str = "POST"
    path: str = "/"
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes | None = None


class Doors:
    """Makes inputs for the doors of that world."""

    def __init__(self, world: World, mutator: Mutator) -> None:
        self._world = world
        self.known: Mapping[str, Sequence[str]] = {}
        """What a field or a variable of that name may hold here."""
        self._mutator = mutator
        self._count = 0
        self._document = document()
        self._operations = [
            one for one in operations(self._document) if "servers" not in self._document["paths"][one[1]]
        ]
        self._makers: tuple[tuple[int, Callable[[], Input]], ...] = (
            (30, self._whatsapp),
            (20, self._xendit),
            (15, self._flows),
            (30, self._api),
            (3, self._elsewhere),
            (2, self._bare),
        )

    def next(self) -> Input:
        """One more."""
        self._count += 1
        weights = [weight for weight, _ in self._makers]
        (make,) = self._mutator.random.choices([make for _, make in self._makers], weights)
        return make()

    def _mostly(self, right: str) -> str:
        chance = self._mutator.random
        return right if chance.random() < IS_READ else chance.choice(("", right[:-1], "x" * 5000, "sha256=", "Bearer"))

    def _whatsapp(self) -> Input:
        example = self._addressed(self._mutator.random.choice(seeds.whatsapp()))
        if self._mutator.random.random() < 0.85:
            example = self._mutator.mutated(example)
        body = self._mutator.packed(example)
        return Input("whatsapp", path="/webhooks/whatsapp", body=body, headers=self._signed(body))

    def _addressed(self, example: Any) -> Any:
        """To our number, of one of a few senders, with ids of its own: else it would be set aside at once."""
        chance, mine = self._mutator.random, self._world.simulator.phone_number_id
        sender = chance.choice(SENDERS)

        def changed(found: Any, key: str = "") -> Any:
            if isinstance(found, dict):
                return {name: changed(held, name) for name, held in found.items()}
            if isinstance(found, list):
                return [changed(held, key) for held in found]
            if key == "phone_number_id":
                return mine
            if key in {"from", "wa_id", "recipient_id"} and isinstance(found, str) and found.isdigit():
                return sender
            if key in {"user_id", "from_user_id"} and isinstance(found, str):
                return f"ID.{sender}"
            if key == "id" and isinstance(found, str) and found.startswith("wamid"):
                return f"wamid.fuzz{self._count}" if chance.random() < 0.9 else found
            if key == "body":
                return chance.choice(seeds.texts())
            if key == "biz_opaque_callback_data" and self._mutator.words:
                return f"{chance.choice(self._mutator.words)}|{chance.choice(self._mutator.words)}"
            return found

        return changed(example)

    def _signed(self, body: bytes) -> Json:
        secret = self._world.simulator.app_secret.encode()
        right = "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest()
        return {"Content-Type": "application/json", "X-Hub-Signature-256": self._mostly(right)}

    def _xendit(self) -> Input:
        chance, words = self._mutator.random, self._mutator.words
        example = json.loads(json.dumps(chance.choice(seeds.callbacks())))
        for holder in (example, example.get("data") if isinstance(example, dict) else None):
            if isinstance(holder, dict) and words and chance.random() < 0.6:
                for name in ("external_id", "id", "reference_id", "payment_id"):
                    if name in holder:
                        holder[name] = chance.choice(words)
        if chance.random() < 0.8:
            example = self._mutator.mutated(example)
        headers = {
            "Content-Type": "application/json",
            "x-callback-token": self._mostly(self._world.simulator.xendit_webhook_token),
        }
        if chance.random() < 0.5:
            headers["webhook-id"] = self._in_header(
                chance.choice((f"hook-{self._count}", "hook", self._mutator.text()))
            )
        return Input("xendit", path="/webhooks/xendit", body=self._mutator.packed(example), headers=headers)

    def _flows(self) -> Input:
        chance = self._mutator.random
        example = json.loads(json.dumps(chance.choice(seeds.flow_requests())))
        tokens = [word for word in self._mutator.words if "~" in word]
        if tokens and chance.random() < 0.8:
            example["flow_token"] = chance.choice(tokens)
        if chance.random() < 0.8:
            example = self._mutator.mutated(example)
        letter = seal_request(self._mutator.packed(example), keys()[1], chance.randbytes(16), chance.randbytes(16))
        body = letter.body
        if chance.random() < 0.15:
            body = self._mutator.packed(self._mutator.mutated(json.loads(body)))
        return Input("flows", path="/webhooks/flows", body=body, headers=self._signed(body))

    def _api(self) -> Input:
        chance = self._mutator.random
        method, path, operation = chance.choice(self._operations)
        body = None
        headers = {"Authorization": "Bearer " + self._mostly(API_TOKEN)}
        query = []
        for one in operation.get("parameters", ()):
            name = one["name"]
            if one["in"] == "path":
                path = path.replace(
                    f"{{{name}}}", quote(self._value_for(name, one["schema"]), safe="", errors="replace")
                )
            elif one["in"] == "query" and chance.random() < 0.7:
                query.append(f"{name}={quote(self._value_for(name, one['schema']), errors='replace')}")
            elif one["in"] == "header" and chance.random() < 0.4:
                headers[name] = self._in_header(
                    chance.choice((f"key-{self._count}", "the same key", self._mutator.text()))
                )
        if method == "post":
            schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
            example = self._example(schema)
            if chance.random() < 0.6:
                example = self._mutator.mutated(example)
            body = self._mutator.packed(example)
            headers["Content-Type"] = chance.choice(("application/json", "text/plain", "multipart/form-data"))
        asked = f"/api/v1{path}" + (f"?{'&'.join(query)}" if query else "")
        return Input("api", method.upper(), asked, body, headers)

    def _value_for(self, name: str, schema: Json) -> str:
        kind = self._mutator.random.randrange(6)
        if kind == 0:
            return self._mutator.text()[:2000]
        if kind == 1:
            return str(self._mutator.scalar())[:6000]
        return str(self._example(schema, name))

    def _example(self, schema: Json, name: str = "") -> Any:
        """A value of that shape, made of what is known here."""
        chance = self._mutator.random
        found = resolved(self._document, schema)
        if "anyOf" in found or "oneOf" in found:
            return self._example(chance.choice(found.get("anyOf") or found["oneOf"]), name)
        if "enum" in found:
            return chance.choice(found["enum"])
        if "const" in found:
            return found["const"]
        match found.get("type"):
            case "object":
                needed = found.get("required", ())
                shapes = found.get("properties", {}).items()
                return {key: self._example(one, key) for key, one in shapes if key in needed or chance.random() < 0.6}
            case "array":
                return [self._example(found.get("items", {}), name) for _ in range(chance.randrange(3))]
            case "integer":
                return chance.choice((1, 2, 4, 60))
            case "number":
                return chance.choice((1.5, 60, -60))
            case "boolean":
                return chance.random() < 0.5
            case "null":
                return None
            case "string":
                return self._text_of(found.get("format", ""), name)
            case _:
                return {}

    def _text_of(self, kind: str, name: str) -> str:
        day = f"2026-12-{self._mutator.random.randrange(1, 29):02d}"
        if kind == "date":
            return day
        if kind == "date-time":
            return f"{day}T15:00:00+08:00"
        return self._mutator.random.choice(self.known.get(name) or self._mutator.words or ["nothing"])

    def _elsewhere(self) -> Input:
        chance, text = self._mutator.random, quote(self._mutator.text()[:3000], safe="/?=&", errors="replace")
        path = chance.choice(
            (
                f"/pay/{text}",
                f"/pay/{chance.choice(self._mutator.words or ['x'])}.{text}",
                "/readyz",
                "/metrics",
                "/api/docs",
                "/api/v1/openapi.json",
                f"/webhooks/whatsapp?hub.mode=subscribe&hub.verify_token={text}&hub.challenge={text}",
                f"/{text}",
                f"/api/v1/{text}",
                "/api/v1/bookings/%00",
                "/api/v1/leads/..%2f..%2fmetrics",
            )
        )
        return Input("elsewhere", chance.choice(HTTP_METHODS), path if path.startswith("/") else f"/{path}")

    def _bare(self) -> Input:
        chance = self._mutator.random
        line = chance.choice(
            (b"POST /webhooks/whatsapp HTTP/1.1", b"GET /readyz HTTP/1.0", b"BREW /pot HTCPCP/1.0", b"\x16\x03\x01")
        )
        header = chance.choice(
            (
                b"Content-Length: 100000000000",
                b"Content-Length: -1",
                b"Content-Length: 10\r\nContent-Length: 20",
                b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n",
                b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nZZ\r\n",
                b"Expect: 100-continue\r\nContent-Length: 5",
                b"X-Long: " + b"a" * 70_000,
                b"Authorization: Bearer \xff\xfe",
                b"Host: \x00",
            )
        )
        ends = chance.choice((b"\r\n\r\n", b"\r\n", b"", b"\r\n\r\n" + chance.randbytes(300)))
        return Input("bare", raw=line + b"\r\nHost: x\r\nConnection: close\r\n" + header + ends)

    @staticmethod
    def _in_header(text: str) -> str:
        """What a client can put into a header at all."""
        sendable = "".join(letter for letter in text if "\x20" <= letter <= "\xff" and letter != "\x7f")
        return sendable.strip()[:400]


@dataclass(frozen=True, slots=True)
class Answered:
    """What a door said."""

    status: int | None
    """None where the port closed the connection without a word."""
    kind: str = ""
    body: bytes = b""


async def sent(http: httpx.AsyncClient, url: str, one: Input) -> Answered:
    """Send it and hear the answer."""
    if one.raw is not None:
        return await _sent_bare(url, one.raw)
    headers = [(name.encode(), value.encode("latin-1", "replace").strip()) for name, value in one.headers.items()]
    answer = await http.request(one.method, url + one.path, content=one.body, headers=headers)
    return Answered(answer.status_code, answer.headers.get("content-type", ""), answer.content)


async def _sent_bare(url: str, raw: bytes) -> Answered:
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        writer.write(raw)
        writer.write_eof()
        async with asyncio.timeout(15):
            head = await reader.read(4096)
    except (TimeoutError, ConnectionError):
        return Answered(None)
    finally:
        writer.close()
    status = head.split(b" ", 2)[1:2]
    return Answered(int(status[0]) if status and status[0].isdigit() else None, body=head)
