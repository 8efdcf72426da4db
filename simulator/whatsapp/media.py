"""Uploaded and received files, with the lives Meta gives ids and addresses (reference: whatsapp 3.3)."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from simulator.clock import Chance, Clock
from simulator.whatsapp import limits
from simulator.whatsapp.errors import Refusal


@dataclass(frozen=True, slots=True)
class File:
    """A stored file."""

    id: str
    mime_type: str
    content: bytes
    expires_at: datetime

    @property
    def sha256(self) -> str:
        """Lower-case hex digest of the content."""
        return hashlib.sha256(self.content).hexdigest()


def kind_of(mime_type: str) -> str:
    """image, audio, video, sticker or document."""
    if mime_type in limits.STICKER_TYPES:
        return "sticker"
    head = mime_type.partition("/")[0]
    return head if head in ("image", "audio", "video") else "document"


def check_upload(mime_type: str, size: int) -> None:
    """Raises `Refusal` for a type or size that cannot be uploaded."""
    kind = kind_of(mime_type)
    if kind == "image" and mime_type not in limits.IMAGE_TYPES:
        raise Refusal(100, f"Param file must be a file with one of the types {', '.join(limits.IMAGE_TYPES)}")
    if size > limits.UPLOAD_BYTES[kind]:
        raise Refusal(131053, f"{kind} file is larger than {limits.UPLOAD_BYTES[kind]} bytes")


class MediaShelf:
    """Files by id, and the short-lived addresses they are fetched from."""

    def __init__(self, clock: Clock, chance: Chance) -> None:
        self._clock = clock
        self._chance = chance
        self._files: dict[str, File] = {}
        self._addresses: dict[str, tuple[str, datetime]] = {}

    def keep(self, mime_type: str, content: bytes, lives: timedelta) -> File:
        """Stores a file for as long as its kind of id lives."""
        file = File(self._chance.digits(16), mime_type, content, self._clock.now() + lives)
        self._files[file.id] = file
        return file

    def find(self, media_id: str) -> File:
        """The file, or `Refusal` 100/33 when it is unknown or has expired."""
        file = self._files.get(media_id)
        if file is None or self._clock.now() >= file.expires_at:
            raise Refusal(
                100,
                f"Object with ID '{media_id}' does not exist, cannot be loaded due to missing permissions, "
                "or does not support this operation",
                subcode=33,
            )
        return file

    def address(self, media_id: str) -> str:
        """A token for the file's address, good for five minutes."""
        token = self._chance.token()
        self._addresses[token] = (media_id, self._clock.now() + limits.MEDIA_URL_LIVES)
        return token

    def fetch(self, token: str) -> File | None:
        """The file behind an address that is still good."""
        media_id, until = self._addresses.get(token, ("", None))
        if until is None or self._clock.now() >= until:
            return None
        file = self._files.get(media_id)
        return file if file is not None and self._clock.now() < file.expires_at else None

    def files(self) -> tuple[File, ...]:
        """Every file, those included whose ids have run out."""
        return tuple(self._files.values())

    def put(self, file: File) -> None:
        """Keeps a file under the id it has."""
        self._files[file.id] = file

    def clear(self) -> None:
        """Forgets everything."""
        self._files.clear()
        self._addresses.clear()
