"""The encrypted way between an open form and the business's endpoint (reference: whatsapp 1.1 to 1.7).

The phone's own part: it fetches the published key once and keeps it, seals each request with a new AES key, fetches
the key again and tries once more after a 421, and gives up after ten seconds.
"""

import asyncio
import json
import secrets
from dataclasses import asdict, dataclass
from typing import Any

from simulator import signing
from simulator.flow_client.sealing import AnswerUnreadable, Letter, open_answer, seal_request
from simulator.whatsapp.relay import Answer
from simulator.whatsapp.values import FlowOffer
from simulator.whatsapp.world import Thread, World

Json = dict[str, Any]

RETRY_AFTER = 0.5
DEFAULT_PATH = "/webhooks/flows"
DISABLED = "This form is no longer available."


@dataclass(frozen=True, slots=True)
class Exchanged:
    """What came of a request: an answer, or an alert under the name Meta counts it by; `status` 0 for no answer."""

    status: int
    answer: Any = None
    alert: str = ""
    message: str = ""
    tries: int = 1


async def exchange(world: World, thread: Thread, offer: FlowOffer, request: Json) -> Exchanged:
    """One request of a form, with its one retry after a 421."""
    first = await _once(world, thread, offer, request, 1)
    if first.status != 421:
        return first
    await asyncio.sleep(RETRY_AFTER)
    thread.flow_key = ""
    return await _once(world, thread, offer, request, 2)


async def ping(world: World, endpoint: str) -> bool:
    """Meta's health check: whether the endpoint says it is active."""
    if not world.public_key:
        return False
    letter = _sealed({"version": "3.0", "action": "ping"}, world.public_key)
    answer = await _post(world, endpoint, letter)
    try:
        told: object = json.loads(open_answer(answer.body, letter)) if answer.status == 200 else None
    except (AnswerUnreadable, ValueError):
        return False
    return told == {"data": {"status": "active"}}


def endpoint_of(world: World, offer: FlowOffer) -> str:
    """Where the form's requests go: its own endpoint, else the backend's usual one."""
    flow = world.flows.find(offer.id or offer.name)
    usual = world.relay.settings.app_url.rstrip("/") + DEFAULT_PATH
    return flow.endpoint_uri if flow is not None and flow.endpoint_uri else usual


def _sealed(request: Json, key: str) -> Letter:
    content = json.dumps(request, ensure_ascii=False).encode()
    return seal_request(content, key, secrets.token_bytes(16), secrets.token_bytes(16))


async def _post(world: World, endpoint: str, letter: Letter) -> Answer:
    headers = {signing.HEADER: signing.sign(world.settings.app_secret, letter.body)}
    return await world.relay.post_to(endpoint, letter.body, headers, world.settings.flow_timeout)


async def _once(world: World, thread: Thread, offer: FlowOffer, request: Json, number: int) -> Exchanged:
    thread.flow_key = thread.flow_key or world.public_key
    if not thread.flow_key:
        message = "the business has published no key (POST /{phone number id}/whatsapp_business_encryption)"
        done = Exchanged(0, None, "public-key-missing", message, number)
        _note(world, offer, request, done, 0.0)
        return done
    letter = _sealed(request, thread.flow_key)
    began = world.clock.monotonic()
    answer = await _post(world, endpoint_of(world, offer), letter)
    done = _read(answer.status, answer.body, letter, number)
    _note(world, offer, request, done, world.clock.monotonic() - began)
    return done


def _read(status: int, body: str, letter: Letter, number: int) -> Exchanged:
    match status:
        case 200:
            return _opened(body, letter, number)
        case 427:
            return Exchanged(427, None, "", _closing_words(body, letter), number)
        case 421:
            message = "421: the endpoint cannot open what was sealed with the published key"
            return Exchanged(421, None, "business-decryption-error", message, number)
        case 0 if body.endswith("Timeout"):
            return Exchanged(0, None, "timeout_error", "the endpoint did not answer within the time limit", number)
        case 0:
            return Exchanged(0, None, "no_http_response_error", f"the endpoint does not answer: {body}", number)
        case _:
            message = f"the endpoint answered {status}: {body[:200]}"
            return Exchanged(status, None, "unexpected_http_status_code", message, number)


def _opened(body: str, letter: Letter, number: int) -> Exchanged:
    try:
        return Exchanged(200, json.loads(open_answer(body.strip(), letter)), tries=number)
    except (AnswerUnreadable, ValueError):
        message = f"the answer cannot be opened: it begins {body[:60]!r}"
        return Exchanged(200, None, "response-decryption-error", message, number)


def _closing_words(body: str, letter: Letter) -> str:
    """A 427's words, sealed like any answer; an empty body is legal and gets the phone's own."""
    try:
        words = json.loads(open_answer(body.strip(), letter)).get("error_msg") if body else None
    except (AnswerUnreadable, ValueError, AttributeError):
        words = None
    return words if isinstance(words, str) and words else DISABLED


def _note(world: World, offer: FlowOffer, request: Json, done: Exchanged, seconds: float) -> None:
    told = {name: value for name, value in asdict(done).items() if name not in ("answer", "tries")}
    about = {"direction": "out", "flow": offer.name or offer.id, "action": request["action"], "attempt": done.tries}
    bodies = {"body": request, "answer": done.answer}
    world.journal.add("form", {**about, **told, "seconds": round(seconds, 3), **bodies})
