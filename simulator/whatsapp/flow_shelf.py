"""The Flows of a business account as Meta keeps them: draft, published version, endpoint (reference: whatsapp 2.5)."""

import json
from dataclasses import dataclass
from dataclasses import replace as changed
from enum import StrEnum
from typing import Any

from simulator.clock import Chance
from simulator.whatsapp.errors import Refusal

Json = dict[str, Any]


class FlowStatus(StrEnum):
    """Where a Flow stands."""

    DRAFT = "DRAFT"
    PUBLISHED = "PUBLISHED"
    DEPRECATED = "DEPRECATED"


@dataclass(frozen=True, slots=True)
class Flow:
    """One Flow; a published one that is edited becomes a draft and keeps its published JSON."""

    id: str
    name: str
    categories: tuple[str, ...] = ()
    endpoint_uri: str = ""
    draft: str = ""
    published: str = ""
    status: FlowStatus = FlowStatus.DRAFT

    def with_draft(self, flow_json: str) -> "Flow":
        """The Flow with a new draft."""
        return changed(self, draft=flow_json, status=FlowStatus.DRAFT)

    def opened(self, mode: str) -> Json:
        """The JSON a phone opens: the draft in mode draft, else the last published one; raises `Refusal`."""
        text = self.draft if mode == "draft" else self.published
        if self.status is FlowStatus.DEPRECATED or not text:
            raise Refusal(131009, f"flow {self.name} is not published")
        found: Json = json.loads(text)
        return found

    def as_answer(self) -> Json:
        """What `GET /{flow id}` tells."""
        draft = json.loads(self.draft) if self.draft else {}
        return {
            "id": self.id,
            "name": self.name,
            "status": self.status.value,
            "categories": list(self.categories),
            "validation_errors": problems_of(self.draft),
            "json_version": draft.get("version"),
            "data_api_version": draft.get("data_api_version"),
            "endpoint_uri": self.endpoint_uri,
        }


def problems_of(flow_json: str) -> list[Json]:
    """Meta's `validation_errors`, of the crudest kind only: the page lists what a phone would refuse."""
    try:
        found = json.loads(flow_json or "{}")
    except ValueError as error:
        return [_problem("INVALID_JSON", f"not JSON: {error}")]
    if not isinstance(found, dict):
        return [_problem("INVALID_JSON", "not an object")]
    missing = [name for name in ("version", "screens") if not found.get(name)]
    return [_problem("MISSING_REQUIRED_PROPERTY", f"property '{name}' is missing") for name in missing]


def _problem(error: str, message: str) -> Json:
    return {"error": error, "error_type": "FLOW_JSON_ERROR", "message": message}


class FlowShelf:
    """Flows by id, and by their names, which are unique in an account."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self.flows: dict[str, Flow] = {}

    def find(self, id_or_name: str) -> Flow | None:
        """The Flow of this id or name."""
        named = next((flow for flow in self.flows.values() if flow.name == id_or_name), None)
        return self.flows.get(id_or_name) or named

    def put(self, flow: Flow) -> Flow:
        """Keeps a Flow, new or changed."""
        self.flows[flow.id] = flow
        return flow

    def create(self, name: str, flow_id: str = "") -> Flow:
        """An empty draft; raises `Refusal` where the name is taken."""
        known = self.find(name)
        if known is not None and known.id != flow_id:
            raise Refusal(100, f"a flow named {name} exists")
        return self.put(Flow(flow_id or self._chance.digits(16), name))
