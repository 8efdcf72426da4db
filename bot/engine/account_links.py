"""Links that set a password: signed, for one user and one purpose, good until a moment, and once."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from itsdangerous import BadSignature, Signer

from bot.store.users import UserLink

LONGEST_LINK: Final = 400


class LinkPurpose(StrEnum):
    """What a link is for; one made for the other opens nothing."""

    INVITE = "invite"
    RESET = "reset"
    CODE = "code"
    """Not a link: what stands in the page that asks for the code of the second factor."""


@dataclass(frozen=True, slots=True)
class AccountLink:
    """Whom a link is for, and what is kept of it."""

    user: str
    kept: UserLink

    def is_of(self, nonce: str) -> bool:
        """Whether it was made with that nonce."""
        return hmac.compare_digest(self.kept.nonce, _hash(nonce))


class AccountLinks:
    """Makes and reads them; the newest of the keys signs, all of them are known again."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        # the library wants the newest last
        self._signer = Signer(
            list(reversed(keys)), salt=b"janji.account-link", key_derivation="hmac", digest_method=hashlib.sha256
        )

    def made(self, user: str, purpose: LinkPurpose, nonce: str, expires_at: datetime) -> tuple[str, UserLink]:
        """The signed text, and what is to be kept of it."""
        until = expires_at.replace(microsecond=0)
        if "~" in nonce or "~" in user:
            raise ValueError("its parts are URL-safe text")
        text = f"{purpose}~{user}~{nonce}~{int(until.timestamp())}"
        return self._signer.sign(text).decode(), _kept(purpose, nonce, until)

    def read(self, text: str, purpose: LinkPurpose, now: datetime) -> AccountLink | None:
        """What it says; none when nobody here signed it, it is for something else, or its time is over."""
        if len(text) > LONGEST_LINK:
            return None
        try:
            said, user, nonce, until = self._signer.unsign(text.encode("utf-8", "replace")).decode().split("~")
            expires_at = datetime.fromtimestamp(int(until), UTC)
        except (BadSignature, ValueError):
            return None
        if said != purpose or now >= expires_at:
            return None
        return AccountLink(user, _kept(purpose, nonce, expires_at))


def _kept(purpose: LinkPurpose, nonce: str, expires_at: datetime) -> UserLink:
    # the hash alone: who reads the database cannot make the link, not even with our key
    return UserLink(purpose.value, _hash(nonce), expires_at)


def _hash(nonce: str) -> str:
    return hashlib.sha256(nonce.encode()).hexdigest()
