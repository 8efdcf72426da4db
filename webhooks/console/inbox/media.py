"""What a customer sent besides words, served by ourselves: by what it is, never by what it calls itself.

A file that says it is a picture and is a page of HTML, or a picture that can hold a script, is only ever downloaded:
it is never shown, and the answer itself forbids whatever opens it to run anything.
"""

import re
from typing import Final
from urllib.parse import quote

from quart import Blueprint, Response, request

from bot.domain.contents import Media
from bot.domain.users import Act
from bot.engine.channel import Channel
from bot.engine.pictures import picture_type
from webhooks.console import words
from webhooks.console.guard import may
from webhooks.console.inbox.reading import InboxReader
from webhooks.console.rendering import language_here
from webhooks.edge.problems import problem

SANDBOX: Final = "sandbox; default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""What may be done with it by whatever opens it: nothing runs, and nothing is asked for."""
ANYTHING: Final = "application/octet-stream"
_BEGINNINGS: Final = (
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf3", "audio/mpeg"),
    (b"\xff\xf2", "audio/mpeg"),
    (b"\xff\xf1", "audio/aac"),
    (b"\xff\xf9", "audio/aac"),
    (b"#!AMR", "audio/amr"),
    (b"\x1a\x45\xdf\xa3", "video/webm"),
    (b"%PDF-", "application/pdf"),
)
_PLAYED: Final = ("image/", "audio/", "video/")
_NAME_AT_MOST: Final = 120
_NO_NAME: Final = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|]+")


def media_type(content: bytes, what: str) -> str:
    """What it is, by its first bytes; where they could be either, a voice note is sound and the rest is film."""
    picture = picture_type(content)
    if picture is not None:
        return picture
    if content[4:8] == b"ftyp":
        return "audio/mp4" if what == "audio" or content[8:11] == b"M4A" else "video/mp4"
    if content[:4] == b"RIFF" and content[8:12] == b"WAVE":
        return "audio/wav"
    return next((kind for beginning, kind in _BEGINNINGS if content.startswith(beginning)), ANYTHING)


def disposition(kind: str, name: str) -> str:
    """Shown in the page where a browser can only draw or play it, else saved under the name it was sent with."""
    if kind.startswith(_PLAYED):
        return "inline"
    clean = " ".join(_NO_NAME.sub(" ", name).split()).strip(" .")[:_NAME_AT_MOST] or "file"
    return f"attachment; filename*=UTF-8''{quote(clean, safe='')}"


async def file_answer(channel: Channel, held: Media | None) -> Response:
    """That file, whole or the part a player asks for; that it is gone where nobody has it."""
    content = None if held is None else await channel.media(held)
    if held is None or content is None:
        return problem(404, "media-gone", words.say("inbox.media_gone", language_here()))
    kind = media_type(content, held.what)
    response = Response(content, content_type=kind)
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Content-Disposition"] = disposition(kind, held.filename or held.what)
    response.headers["Accept-Ranges"] = "bytes"
    return await response.make_conditional(request, accept_ranges=True, complete_length=len(content))


class MediaFiles:
    """Fetches them from the messenger for whoever may read the conversation and see whom it is with."""

    def __init__(self, read: InboxReader, channel: Channel) -> None:
        self._read = read
        self._channel = channel

    def add_to(self, routes: Blueprint) -> None:
        """Its route."""
        routes.add_url_rule("/inbox/<lead>/media/<path:line>", "get_media", self.get_media)

    # pictures cannot be masked
    @may(Act.READ_CONVERSATIONS, Act.SEE_CONTACT)
    async def get_media(self, lead: str, line: str) -> Response:
        """The file of that line."""
        return await file_answer(self._channel, await self._read.media(lead, line))
