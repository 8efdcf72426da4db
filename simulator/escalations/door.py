"""An address of the business that hears of what is critical: `POST /escalations`; `/sim/escalations` shows what."""

from typing import cast

from quart import Blueprint, Response, jsonify, request

from simulator.escalations.pager import Pager, PageRefused
from simulator.settings import Settings

PATH = "/escalations"
SIGNATURE = "X-Janji-Signature-256"


def escalations_blueprint(settings: Settings) -> Blueprint:
    """The doors, over a pager that has heard nothing yet."""
    doors = Blueprint("escalations", __name__)
    pager = Pager(settings.escalation_secret)

    @doors.post(PATH)
    async def take() -> tuple[Response, int]:
        """A row from the backend."""
        try:
            status = pager.take(cast("bytes", await request.get_data()), request.headers.get(SIGNATURE))
        except PageRefused as refused:
            return jsonify({"error": str(refused)}), refused.status
        return jsonify({"received": status < 300}), status

    @doors.get("/sim/escalations")
    async def show() -> Response:
        """Everything that was told, and how each call was answered."""
        return jsonify({"rows": pager.rows, "calls": pager.calls})

    @doors.post("/sim/escalations/answers")
    async def order_answers() -> Response:
        """`{"answers": [503, 400]}`: how the next calls are answered."""
        order = await request.get_json(force=True)
        pager.answers.extend(int(status) for status in order["answers"])
        return jsonify({"waiting": list(pager.answers)})

    return doors
