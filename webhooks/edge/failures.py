"""What every door says of failures of ours, and what a browser may do with any answer."""

from typing import Final

import structlog
from pymongo.errors import PyMongoError

from webhooks.edge.problems import DoorProblem

log = structlog.get_logger(__name__)

SECURITY_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""Of every answer: most of them are about one customer, and none is for a cache or a frame."""


def failure_of(error: Exception) -> DoorProblem:
    """What is answered to an error that no door has an answer to; logged here, and no stack trace leaves the house."""
    if isinstance(error, PyMongoError):
        log.error("database_unavailable", problem=type(error).__name__)
        return DoorProblem(503, "database-unavailable", "The database does not answer; please try again.")
    log.exception("request_failed", problem=type(error).__name__)
    return DoorProblem(500, "unexpected", "Something went wrong on our side.")
