"""A phone's Flow client over HTTP: as strict, and as impatient, as WhatsApp's own (reference: whatsapp 1.3
to 1.7)."""

import asyncio
import hashlib
import hmac
import json
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from simulator.flow_client.inputs import CannotTap, footer_payload
from simulator.flow_client.sealing import AnswerUnreadable, Letter, open_answer, seal_request
from simulator.flow_client.strictness import (
    SUCCESS,
    AnswerRefused,
    FlowJson,
    check_data,
    check_entry,
    check_shape,
    check_step,
    check_success,
    screen_of,
)

TIME_LIMIT = 10.0
RETRY_AFTER = 0.5
GENERIC = "Something went wrong. Try again later."


@dataclass(frozen=True, slots=True)
class Shown:
    """A screen is on top."""

    screen: str
    data: Mapping[str, Any]
    notice: str = ""


@dataclass(frozen=True, slots=True)
class Finished:
    """The form closed; the client sends this as `nfm_reply.response_json`."""

    response_json: str


@dataclass(frozen=True, slots=True)
class Disabled:
    """The form closed and its button is switched off, with these words."""

    message: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The customer sees a generic error and stays; `alert` is what Meta would count it as."""

    alert: str
    message: str = GENERIC


Outcome = Shown | Finished | Disabled | Failed


@dataclass(slots=True)
class FlowClient:
    """One open form; `public_key` fetches the business's published key as the client does, `pause` waits
    seconds."""

    flow: FlowJson
    endpoint_url: str
    token: str
    app_secret: str
    public_key: Callable[[], Awaitable[str]]
    http: httpx.AsyncClient
    random_bytes: Callable[[int], bytes] = secrets.token_bytes
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep
    time_limit: float = TIME_LIMIT
    stack: list[Shown] = field(default_factory=list)
    is_closed: bool = False
    exchanges: int = 0
    _pem: str = ""

    @property
    def top(self) -> Shown:
        """The screen the customer looks at; raises CannotTap when the form is not open."""
        if not self.stack or self.is_closed:
            raise CannotTap("the form is not open")
        return self.stack[-1]

    async def open(self) -> Outcome:
        """Tap the message's button."""
        self.stack.clear()
        self.is_closed = False
        return await self._exchange("INIT", "", {})

    async def submit(self, **typed: str) -> Outcome:
        """Fill the screen and tap its button; raises CannotTap where a real client would not let it."""
        top = self.top
        try:
            payload = footer_payload(screen_of(self.flow, top.screen), top.data, typed)
        except CannotTap as problem:
            # a form that stayed where it was, and why, is told from one that went on
            said = f', which says "{top.notice}"' if top.notice else ""
            raise CannotTap(f"{problem} on {top.screen}{said}") from problem
        return await self._exchange("data_exchange", top.screen, payload)

    async def back(self) -> Outcome:
        """Tap back: with refresh_on_back the endpoint is asked, else the screen below is simply there
        again."""
        top = self.top
        if len(self.stack) == 1:
            self.is_closed = True
            return Failed("closed", "")
        if screen_of(self.flow, top.screen).get("refresh_on_back"):
            return await self._exchange("BACK", top.screen, {})
        self.stack.pop()
        return self.top

    async def health_check(self) -> bool:
        """Ping the endpoint as Meta does."""
        letter, answer = await self._post({"version": self._version, "action": "ping"})
        if answer is None or answer.status_code != httpx.codes.OK:
            return False
        return bool(json.loads(open_answer(answer.text, letter)) == {"data": {"status": "active"}})

    @property
    def _version(self) -> str:
        return str(self.flow["data_api_version"])

    async def _exchange(self, action: str, screen: str, payload: Mapping[str, Any]) -> Outcome:
        request = {
            "version": self._version,
            "action": action,
            "screen": screen,
            "data": payload,
            "flow_token": self.token,
        }
        letter, answer = await self._post(request)
        if answer is not None and answer.status_code == httpx.codes.MISDIRECTED_REQUEST:
            await self.pause(RETRY_AFTER)
            self._pem = ""
            letter, answer = await self._post(request)
        if answer is None:
            return Failed("timeout_error")
        return await self._read(action, letter, answer)

    async def _post(self, request: Mapping[str, Any]) -> tuple[Letter, httpx.Response | None]:
        self._pem = self._pem or await self.public_key()
        content = json.dumps(request, ensure_ascii=False).encode()
        letter = seal_request(content, self._pem, self.random_bytes(16), self.random_bytes(16))
        digest = hmac.new(self.app_secret.encode(), letter.body, hashlib.sha256).hexdigest()
        headers = {"Content-Type": "application/json", "X-Hub-Signature-256": f"sha256={digest}"}
        self.exchanges += 1
        try:
            posted = self.http.post(self.endpoint_url, content=letter.body, headers=headers)
            return letter, await asyncio.wait_for(posted, self.time_limit)
        except (TimeoutError, httpx.TransportError):
            return letter, None

    async def _read(self, action: str, letter: Letter, answer: httpx.Response) -> Outcome:
        if answer.status_code == 427:
            self.is_closed = True
            return Disabled(_closing_words(letter, answer.text))
        if answer.status_code == httpx.codes.MISDIRECTED_REQUEST:
            return Failed("business-decryption-error")
        if answer.status_code != httpx.codes.OK:
            return Failed("unexpected_http_status_code")
        try:
            return self._shown(action, json.loads(open_answer(answer.text, letter)))
        except AnswerUnreadable:
            return await self._reported(AnswerRefused("response-decryption-error", "cannot be opened"))
        except AnswerRefused as refused:
            return await self._reported(refused)

    def _shown(self, action: str, answer: object) -> Outcome:
        target, data = check_shape(answer)
        below = self.stack[:-1] if action == "BACK" else list(self.stack)
        if not below:
            check_entry(self.flow, target)
        else:
            check_step(self.flow, below[-1].screen, target)
        if target == SUCCESS:
            params = check_success(data, self.token)
            self.is_closed = True
            return Finished(json.dumps(params))
        check_data(screen_of(self.flow, target), data)
        shown = Shown(target, data, str(data.get("error_message", "")))
        names = [one.screen for one in below]
        self.stack = (below[: names.index(target)] if target in names else below) + [shown]
        return shown

    async def _reported(self, refused: AnswerRefused) -> Failed:
        if refused.key is not None:
            await self._post(
                {
                    "version": self._version,
                    "action": "data_exchange",
                    "screen": self.stack[-1].screen if self.stack else "",
                    "flow_token": self.token,
                    "data": {"error": refused.key, "error_message": refused.message},
                }
            )
        return Failed(refused.key or "invalid response format", refused.message)


def _closing_words(letter: Letter, text: str) -> str:
    if not text:
        return "This form is no longer available."
    try:
        body = json.loads(open_answer(text, letter))
    except (AnswerUnreadable, ValueError):
        return GENERIC
    words = body.get("error_msg") if isinstance(body, dict) else None
    return words if isinstance(words, str) else GENERIC
