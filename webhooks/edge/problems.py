"""Errors for machines and the people behind them: RFC 9457 problem documents with a stable `type`."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import orjson
from quart import Response

from bot.lifecycle.rules.rule import Reason
from webhooks.edge import models


class ProblemResponse(Response):
    """A problem document as an answer; what it is about stands on it for the log."""

    problem_kind = ""


class RequestRefused(Exception):
    """The call goes no further; `response` is the answer."""

    def __init__(self, response: Response) -> None:
        super().__init__("refused")
        self.response = response


@dataclass(frozen=True, slots=True)
class DoorProblem:
    """Why something is not done; `kind` never changes meaning."""

    status: int
    kind: str
    detail: str
    reasons: Sequence[Reason] = ()

    def document(self) -> bytes:
        """The problem document."""
        body = models.Problem(
            type=f"urn:janji:problem:{self.kind}",
            title=HTTPStatus(self.status).phrase,
            status=self.status,
            detail=self.detail,
            reasons=[reason_shown(reason) for reason in self.reasons] or None,
        )
        return body.model_dump_json(exclude_none=True).encode()

    def as_response(self) -> Response:
        """The same as an answer of the framework."""
        response = ProblemResponse(self.document(), self.status, content_type="application/problem+json")
        response.problem_kind = self.kind
        return response


def problem(status: int, kind: str, detail: str, reasons: Sequence[Reason] = ()) -> Response:
    """A problem document; `kind` never changes meaning."""
    return DoorProblem(status, kind, detail, reasons).as_response()


def reason_shown(reason: Reason) -> models.ReasonShown:
    """A reason as every answer shows it."""
    return models.ReasonShown(rule=reason.rule, fact=reason.fact, fix=reason.fix, who_can=list(reason.who_can))


def answer(body: Any, status: int = 200) -> Response:
    """A JSON answer."""
    return Response(orjson.dumps(body), status, content_type="application/json")
