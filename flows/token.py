"""Flow tokens: unguessable, signed, and made for one customer and one purpose.

A token is a session id in the customer's hands (reference: whatsapp 1.3); the preview lets anybody type
one, so the signature is checked before a store is asked. It shows the purpose and the lead's opaque id,
nothing personal.
"""

import hashlib
from dataclasses import dataclass

from itsdangerous import BadSignature, Signer

from flows.session import FlowToken, Purpose

_SALT = b"janji.flow-token"
_PARTS = 3
LONGEST_TOKEN = 300


class TokenWrong(ValueError):
    """The text is no token of ours."""


@dataclass(frozen=True, slots=True)
class TokenClaims:
    """Whom and what a token was made for."""

    lead_id: str
    purpose: Purpose


def make_token(lead_id: str, purpose: Purpose, nonce: str, key: str) -> FlowToken:
    """A token; `nonce` is at least 128 random bits as URL-safe text, `key` the deployment's secret."""
    if "~" in nonce or not nonce:
        raise ValueError("a nonce is URL-safe text")
    return FlowToken(_signer(key).sign(f"{purpose}~{nonce}~{lead_id}").decode())


def parse_token(text: str, *keys: str) -> TokenClaims:
    """Whom a token is for; raises TokenWrong when it was made with none of these keys, the newest first."""
    if len(text) > LONGEST_TOKEN:
        raise TokenWrong
    try:
        content = _signer(*keys).unsign(text.encode("utf-8", "replace")).decode()
        purpose, _, lead_id = content.split("~", _PARTS - 1)
        return TokenClaims(lead_id, Purpose(purpose))
    except (BadSignature, ValueError) as wrong:
        raise TokenWrong from wrong


def _signer(*keys: str) -> Signer:
    """Signs with the first key, knows them all; the library wants the newest last."""
    return Signer(list(reversed(keys)), salt=_SALT, key_derivation="hmac", digest_method=hashlib.sha256)
