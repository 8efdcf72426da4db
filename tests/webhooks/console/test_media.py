"""A file is shown by what it is: what could run anything is only ever saved."""

import pytest

from webhooks.console.inbox.media import ANYTHING, disposition, media_type

MP4 = b"\x00\x00\x00\x20ftypisom"


@pytest.mark.parametrize(
    ("content", "what", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n123", "image", "image/png"),
        (b"\xff\xd8\xff\xe0", "image", "image/jpeg"),
        (b"RIFF\x00\x00\x00\x00WEBP", "sticker", "image/webp"),
        (b"OggS\x00", "audio", "audio/ogg"),
        (MP4, "audio", "audio/mp4"),
        (MP4, "video", "video/mp4"),
        (b"%PDF-1.7", "document", "application/pdf"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "image", ANYTHING),
        (b"<!doctype html><script>alert(1)</script>", "image", ANYTHING),
        (b"", "image", ANYTHING),
    ],
)
def test_a_file_is_what_its_first_bytes_say(content: bytes, what: str, kind: str) -> None:
    assert media_type(content, what) == kind


def test_only_what_can_be_drawn_or_played_is_shown_in_the_page() -> None:
    assert disposition("image/png", "x") == "inline"
    assert disposition("application/pdf", "tiket.pdf") == "attachment; filename*=UTF-8''tiket.pdf"
    assert (
        disposition(ANYTHING, 'a/../"b"\r\nSet-Cookie: x.html')
        == "attachment; filename*=UTF-8''a%20..%20b%20Set-Cookie%20x.html"
    )
    assert disposition(ANYTHING, "///") == "attachment; filename*=UTF-8''file"
