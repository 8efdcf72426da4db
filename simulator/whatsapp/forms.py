"""A customer fills a form: the bubble's Flow is opened, its steps are played, and what comes of it is sent."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, assert_never

import httpx

from simulator.flow_client.choices import typed
from simulator.flow_client.client import Disabled, Failed, Finished, FlowClient, Outcome, Shown
from simulator.whatsapp import acts
from simulator.whatsapp.acts import CannotDo
from simulator.whatsapp.values import Bubble
from simulator.whatsapp.world import Thread, World

Json = dict[str, Any]
BACK = "back"


async def fill(world: World, thread: Thread, flow: Json, steps: Sequence[Json], bubble_id: str = "") -> Json:
    """Opens the form of the newest flow bubble (or the named one) and plays the steps; a finished form is sent.

    A step is `{"back": true}` or the inputs of the screen on top, `#1` meaning the first that can be tapped. Tells
    `outcomes`, how many `exchanges` there were, and the `id` of the message that was sent, if one was.
    """
    bubble = _bubble(thread, bubble_id)
    async with httpx.AsyncClient(trust_env=False) as http:
        client = _client(world, bubble, flow, http)
        outcomes = [await client.open()]
        for step in steps:
            if not isinstance(outcomes[-1], Shown):
                break
            outcomes.append(await _played(client, flow, step))
    told: Json = {"exchanges": client.exchanges, "outcomes": [_told(outcome) for outcome in outcomes], "id": None}
    last = outcomes[-1]
    if isinstance(last, Finished):
        told["id"] = acts.finish_form(world, thread, json.loads(last.response_json), bubble.id)
    return told


def _bubble(thread: Thread, bubble_id: str) -> Bubble:
    forms = [one for one in thread.bubbles if one.content.flow and bubble_id in ("", one.id)]
    if not forms:
        raise CannotDo("no bubble offers a form")
    return forms[-1]


def _client(world: World, bubble: Bubble, flow: Json, http: httpx.AsyncClient) -> FlowClient:
    offer = bubble.content.flow
    assert offer is not None, "only bubbles with a form are chosen"

    async def public_key() -> str:
        if not world.public_key:
            raise CannotDo("the business has published no key")
        return world.public_key

    return FlowClient(
        flow=flow,
        endpoint_url=world.settings.app_url.rstrip("/") + world.settings.flows_path,
        token=offer.token,
        app_secret=world.settings.app_secret,
        public_key=public_key,
        http=http,
    )


async def _played(client: FlowClient, flow: Json, step: Mapping[str, Any]) -> Outcome:
    if step.get(BACK) is True:
        return await client.back()
    top = client.top
    return await client.submit(**typed(flow, top.screen, top.data, step))


def _told(outcome: Outcome) -> Json:
    match outcome:
        case Shown(screen, data, notice):
            return {"kind": "shown", "screen": screen, "data": dict(data), "notice": notice}
        case Finished():
            return {"kind": "finished"}
        case Disabled(message):
            return {"kind": "disabled", "message": message}
        case Failed(alert, message):
            return {"kind": "failed", "alert": alert, "message": message}
        case _:
            assert_never(outcome)
