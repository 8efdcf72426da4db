"""What an outside task system knows: workflows by the id they are about, the newest of each, and who was refused."""

import hmac
import json
from collections import deque
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

Json = dict[str, Any]


class NotTaken(Exception):
    """Why a message is not taken, with the status of the answer."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


@dataclass(slots=True)
class Board:
    """Workflows as they were told; a message that is no newer than what is known changes nothing."""

    secret: str
    workflows: dict[str, Json] = field(default_factory=dict)
    calls: list[Json] = field(default_factory=list)
    """Every call: its id, revision and how it was answered."""
    answers: deque[int] = field(default_factory=deque)
    """Statuses of the next calls; a 5xx above 500 is given after the message was kept, as when an answer is lost."""

    def signed(self, body: bytes) -> str:
        """The signature of these bytes."""
        return "sha256=" + hmac.new(self.secret.encode(), body, sha256).hexdigest()

    def take(self, body: bytes, signature: str | None) -> int:
        """Keep a workflow; the status of the answer. NotTaken."""
        wanted = self.answers.popleft() if self.answers else 202
        try:
            if not hmac.compare_digest((signature or "").encode(), self.signed(body).encode()):
                raise NotTaken(401, "the signature is missing or wrong")
            if wanted in {400, 500}:
                raise NotTaken(wanted, "as it was ordered")
            self._keep(_read(body))
        except NotTaken as refused:
            self.calls.append({"status": refused.status})
            raise
        self.calls[-1]["status"] = wanted
        return wanted

    def _keep(self, message: Json) -> None:
        subject, payload = message["correlation_id"], message["payload"]
        self.calls.append({"id": message["message_id"], "of": subject, "revision": payload["revision"]})
        known = self.workflows.get(subject)
        if known is None or known["payload"]["revision"] < payload["revision"]:
            self.workflows[subject] = message

    def tasks(self) -> list[Json]:
        """Every task of every workflow."""
        sides = ("preparation_requirements", "follow_up_tasks")
        return [task for one in self.workflows.values() for side in sides for task in one["payload"][side]]


def _read(body: bytes) -> Json:
    try:
        message: Json = json.loads(body)
        kinds = {"workflow_creation_request", "workflow_update", "workflow_cancellation"}
        if message["message_type"] not in kinds or message["recipient"]["agent_id"] != "TASK_ORCHESTRATOR_AGENT":
            raise NotTaken(422, "no message for a task orchestrator")
        for task in message["payload"]["preparation_requirements"] + message["payload"]["follow_up_tasks"]:
            if not {"task_id", "task_name", "due_date", "status"} <= set(task):
                raise NotTaken(422, "a task lacks something")
        if not isinstance(message["payload"]["revision"], int):
            raise NotTaken(422, "a workflow without a revision")
    except (ValueError, KeyError, TypeError) as wrong:
        raise NotTaken(422, f"{type(wrong).__name__}: {wrong}") from None
    return message
