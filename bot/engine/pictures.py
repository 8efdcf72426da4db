"""What a picture is, by its first bytes: what it calls itself proves nothing."""

from typing import Final

SMALLEST: Final = 64
"""Bytes: less than any picture has that somebody took, header and all."""
_BEGINNINGS: Final = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}


def picture_type(content: bytes) -> str | None:
    """Its type; none where it is no picture that anybody could look at."""
    for beginning, kind in _BEGINNINGS.items():
        if content.startswith(beginning):
            return kind
    return "image/webp" if content[:4] == b"RIFF" and content[8:12] == b"WEBP" else None
