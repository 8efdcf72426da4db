"""Brings a Flow and its key to Meta over the Graph API (reference: whatsapp 1.8, 2.5); a dry run only says
what it would do."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from flows.definition import FlowDefinition
from flows.keys import SMALLEST_BITS, public_pem
from flows.lint import lint

CATEGORY = "APPOINTMENT_BOOKING"


class GraphRefused(Exception):
    """The Graph API did not do it; `code` is Meta's, 0 when there is none."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


class FlowInvalid(ValueError):
    """Lint or Meta found problems in the Flow JSON; nothing may be published with them."""


@dataclass(slots=True)
class FlowPublisher:
    """Calls on one WhatsApp business account; `http` has the Graph base URL with version, and the bearer
    token.

    In a dry run `planned` collects each write in words and nothing is sent.
    """

    http: httpx.AsyncClient
    waba_id: str
    phone_number_id: str
    is_dry_run: bool = False
    planned: list[str] = field(default_factory=list)

    async def upload_key(self, public_key_pem: str) -> None:
        """Publish the public key for our number; Meta signs it."""
        path = f"{self.phone_number_id}/whatsapp_business_encryption"
        await self._write("upload the public key", path, data={"business_public_key": public_key_pem})

    async def create(self, name: str, flow: FlowDefinition, endpoint_url: str) -> str:
        """Make a draft and return its id, empty in a dry run; raises FlowInvalid."""
        body = {
            "name": name,
            "categories": json.dumps([CATEGORY]),
            "flow_json": flow_json(flow),
            "endpoint_uri": endpoint_url,
        }
        answer = await self._write(f"create the Flow {name}", f"{self.waba_id}/flows", data=body)
        _refuse_problems(answer)
        return str(answer.get("id", ""))

    async def update(self, flow_id: str, flow: FlowDefinition, endpoint_url: str) -> None:
        """Replace a Flow's JSON and endpoint; a published Flow becomes a draft. Raises FlowInvalid.

        Meta answers 200 and `success` even with problems in the JSON; they are read.
        """
        written = flow_json(flow)
        await self._write(f"set the endpoint of {flow_id}", flow_id, data={"endpoint_uri": endpoint_url})
        answer = await self._write(
            f"upload the JSON of {flow_id}",
            f"{flow_id}/assets",
            data={"name": "flow.json", "asset_type": "FLOW_JSON"},
            files={"file": ("flow.json", written.encode(), "application/json")},
        )
        _refuse_problems(answer)

    async def publish(self, flow_id: str) -> None:
        """Publish a draft; Meta pings the endpoint while we wait."""
        await self._write(f"publish {flow_id}", f"{flow_id}/publish")

    async def _write(
        self,
        what: str,
        path: str,
        data: Mapping[str, str] | None = None,
        files: Mapping[str, tuple[str, bytes, str]] | None = None,
    ) -> Mapping[str, Any]:
        if self.is_dry_run:
            self.planned.append(what)
            return {}
        return answered(await self.http.post(path, data=data, files=files))


def flow_json(flow: FlowDefinition) -> str:
    """The JSON to upload, lint passed; raises FlowInvalid."""
    written = flow.as_json()
    if problems := lint(written):
        raise FlowInvalid("; ".join(str(problem) for problem in problems))
    return json.dumps(written, ensure_ascii=False)


def new_key_pair(passphrase: str | None = None) -> tuple[str, str]:
    """A fresh private key as PKCS#8 PEM, encrypted when there is a passphrase, and its public PEM."""
    key = rsa.generate_private_key(65537, SMALLEST_BITS)
    lock = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock)
    return private.decode(), public_pem(key)


def answered(answer: httpx.Response) -> Mapping[str, Any]:
    """What the Graph API says; raises GraphRefused with the most exact of its words."""
    try:
        body = answer.json()
    except ValueError:
        body = {}
    body = body if isinstance(body, dict) else {}
    error = body.get("error")
    if answer.is_error or error:
        said = error if isinstance(error, dict) else {}
        details = (said.get("error_data") or {}).get("details") or said.get("error_user_msg")
        raise GraphRefused(int(said.get("code", 0)), str(details or said.get("message", answer.status_code)))
    return body


def _refuse_problems(answer: Mapping[str, Any]) -> None:
    if problems := answer.get("validation_errors"):
        raise FlowInvalid("; ".join(str(one.get("message", one.get("error", ""))) for one in problems))
