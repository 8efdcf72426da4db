"""The peer: pywa on FastAPI and uvicorn, given the same work in its own environment (run by `peer.py`).

The webhook's signature is checked and the message kept in memory; a form's request is opened, answered with the same
screen as ours without any state, and sealed.
"""

import json
import logging
import os
from collections import deque
from functools import cache
from pathlib import Path
from typing import Any

import fastapi
import uvicorn
from pywa_async import WhatsApp, types

logging.disable(logging.WARNING)

app = fastapi.FastAPI()
kept: deque[object] = deque(maxlen=100_000)
whatsapp = WhatsApp(
    phone_id=os.environ["PEER_NUMBER"],
    token="peer-token",
    server=app,
    webhook_endpoint="/webhooks/whatsapp",
    verify_token="peer-verify-token",
    app_secret=os.environ["PEER_APP_SECRET"],
    validate_updates=True,
    business_private_key=os.environ["PEER_FLOW_PRIVATE_KEY"],
)


@cache
def screen() -> dict[str, Any]:
    """The screen our own form answers, as the benchmark wrote it down; read once."""
    told: dict[str, Any] = json.loads(Path(os.environ["PEER_SCREEN"]).read_text("utf-8"))
    return told


@whatsapp.on_message
async def keep(_: WhatsApp, message: types.Message) -> None:
    """The in-memory acknowledgement."""
    kept.append(message)


@whatsapp.on_flow_request("/webhooks/flows")
async def answer(_: WhatsApp, request: types.FlowRequest) -> types.FlowResponse:
    """The same screen whatever is asked."""
    return request.respond(screen=screen()["screen"], data=screen()["data"])


if __name__ == "__main__":
    port = int(os.environ["PEER_PORT"])
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="error", access_log=False)
