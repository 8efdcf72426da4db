"""Doors whose shapes are others' to say (Meta's, Xendit's, Prometheus'): described here, read by their own code."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

_TOO_LARGE: Final = "Over 4 MiB."


@dataclass(frozen=True, slots=True)
class ForeignDoor:
    """A method and a path outside the API, and what each status means."""

    method: str
    path: str
    summary: str
    answers: Mapping[int, str]
    headers: Mapping[str, str] = field(default_factory=dict)
    query: tuple[str, ...] = ()
    takes: str | None = None
    """The media type of the body; none where there is no body."""


_SIGNED: Final = {"X-Hub-Signature-256": "HMAC-SHA256 of the very bytes, with the app's secret."}

DOORS: Final = (
    ForeignDoor(
        "get",
        "/webhooks/whatsapp",
        "Meta's handshake",
        {200: "`hub.challenge`, bare.", 403: "The verify token is not ours."},
        query=("hub.mode", "hub.verify_token", "hub.challenge"),
    ),
    ForeignDoor(
        "post",
        "/webhooks/whatsapp",
        "Meta's webhooks: messages, statuses, changes",
        {
            200: "Stored.",
            400: "Not JSON, or not an envelope.",
            401: "The signature is missing or wrong.",
            413: _TOO_LARGE,
            503: "It could not be stored; send it again.",
        },
        headers=_SIGNED,
        takes="application/json",
    ),
    ForeignDoor(
        "post",
        "/webhooks/flows",
        "The data channel of WhatsApp Flows",
        {
            200: "The sealed answer, base64.",
            400: "Not a request of a Flow.",
            413: "Too large.",
            # The statuses of this door are Meta's: the phone acts on each of them (reference: whatsapp 1.6).
            421: "Sealed under a key that is not ours: fetch the public key again.",
            427: "The form has ended; the sealed body says why.",
            432: "The signature is missing or wrong.",
            503: "It could not be answered in time.",
        },
        headers=_SIGNED,
        takes="application/json",
    ),
    ForeignDoor(
        "post",
        "/webhooks/xendit",
        "Xendit's callbacks",
        {
            200: "Stored, also a kind that is unknown.",
            400: "Not JSON.",
            401: "The token is missing or wrong.",
            413: _TOO_LARGE,
            503: "It could not be stored; send it again.",
        },
        headers={"x-callback-token": "The token of the account."},
        takes="application/json",
    ),
    ForeignDoor(
        "post",
        "/webhooks/tasks",
        "What an outside task system says of a task it carries: `completed` or `issue_reported`",
        {
            200: "The task as it stands, also for a message that came before.",
            400: "Not such a message; it says which field.",
            401: "The signature is missing or wrong, or no task system is set up.",
            404: "There is no such task.",
            409: "It is done, withdrawn, waits for other work, or is another's: `type` says which.",
            413: _TOO_LARGE,
            422: "Another message came under this `message_id`, or nobody of the staff has that id.",
            503: "It is being heard; send it again.",
        },
        headers={"X-Janji-Signature-256": "`sha256=` and the HMAC-SHA256 of the very bytes, with the shared secret."},
        takes="application/json",
    ),
    ForeignDoor(
        "get",
        "/pay/{suffix}",
        "Where a template's button leads: on to the newest payment link",
        {303: "The link.", 404: "There is no such link."},
    ),
    ForeignDoor("get", "/livez", "Whether this process answers", {200: "It does."}),
    ForeignDoor("get", "/readyz", "Whether the whole can do its work", {200: "It can.", 503: "Not; each part named."}),
    ForeignDoor("get", "/healthz", "The same as /readyz", {200: "It can.", 503: "Not; each part named."}),
    ForeignDoor("get", "/metrics", "Prometheus text", {200: "The figures."}),
    ForeignDoor("get", "/api/docs", "This description, for people", {200: "A page without scripts."}),
    ForeignDoor("get", "/api/v1/openapi.json", "This description, for machines", {200: "OpenAPI 3.1."}),
)
