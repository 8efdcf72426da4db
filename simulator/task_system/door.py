"""An outside task system: `POST /task-system/workflows` takes signed workflows, `/sim/tasks` plays those who work."""

import json
import uuid
from typing import Any, cast

import httpx
from quart import Blueprint, Response, jsonify, request

from simulator.settings import Settings
from simulator.task_system.board import Board, NotTaken

Json = dict[str, Any]

PATH = "/task-system/workflows"
SIGNATURE = "X-Janji-Signature-256"
SECONDS = 10.0


def task_system_blueprint(settings: Settings) -> Blueprint:
    """The doors, over a board with nothing on it yet."""
    doors = Blueprint("task_system", __name__)
    board = Board(settings.task_system_secret)

    @doors.post(PATH)
    async def take() -> tuple[Response, int]:
        """A workflow from the backend."""
        try:
            body = cast("bytes", await request.get_data())
            status = board.take(body, request.headers.get(SIGNATURE))
        except NotTaken as refused:
            return jsonify({"error": str(refused)}), refused.status
        return jsonify({"received": status < 300}), status

    @doors.get("/sim/tasks")
    async def show() -> Response:
        """Everything that was told, and how each call was answered."""
        return jsonify({"workflows": board.workflows, "tasks": board.tasks(), "calls": board.calls})

    @doors.post("/sim/tasks/answers")
    async def order_answers() -> Response:
        """`{"answers": [503, 400]}`: how the next calls are answered."""
        order = await request.get_json(force=True)
        board.answers.extend(int(status) for status in order["answers"])
        return jsonify({"waiting": list(board.answers)})

    @doors.post("/sim/tasks/report")
    async def report() -> Response:
        """`{"task_id", "status", "completed_by"?, "notes"?, "message_id"?, "signature"?}`: said to the backend."""
        order: Json = await request.get_json(force=True)
        outer = {"message_id", "message_type", "signature"}
        message = {
            "message_type": order.get("message_type", "task_status_update"),
            "message_id": order.get("message_id") or f"upd-{uuid.uuid4().hex[:12]}",
            "payload": {name: value for name, value in order.items() if name not in outer},
        }
        body = json.dumps(message).encode()
        headers = {"Content-Type": "application/json", SIGNATURE: order.get("signature") or board.signed(body)}
        url = settings.app_url.rstrip("/") + settings.task_reports_path
        async with httpx.AsyncClient(trust_env=False, timeout=SECONDS) as client:
            answer = await client.post(url, content=body, headers=headers)
        return jsonify({"status": answer.status_code, "body": answer.json()})

    return doors
