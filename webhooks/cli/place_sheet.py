"""The QR codes of places as a PDF, one page a place, to be printed and laid out there.

Written by hand, because it is little: squares and three lines of text in a font that every reader has. That font has no
Vietnamese marks, so names are written without them.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import segno

WIDTH, HEIGHT = 595, 842
"""A4, in points."""
SIDE: Final = 380.0
_LEFT: Final = (WIDTH - SIDE) / 2
_BOTTOM: Final = 260.0
_FONTS: Final = 3
"""The number of the font's object; catalogue and list of pages come before it."""


@dataclass(frozen=True, slots=True)
class PlacePage:
    """What stands on one page."""

    business: str
    place: str
    link: str
    code: str


def sheet(pages: Sequence[PlacePage]) -> bytes:
    """The document."""
    first = _FONTS + 1
    kids = " ".join(f"{first + 2 * at} 0 R" for at in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for at, page in enumerate(pages):
        drawn = _drawn(page)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] "
            f"/Resources << /Font << /F {_FONTS} 0 R >> >> /Contents {first + 2 * at + 1} 0 R >>".encode()
        )
        objects.append(b"<< /Length %d >>\nstream\n%b\nendstream" % (len(drawn), drawn))
    return _document(objects)


def _drawn(page: PlacePage) -> bytes:
    lines = (
        _text(_LEFT, 740, 18, page.business),
        _text(_LEFT, 700, 30, page.place),
        *_squares(page.link),
        _text(_LEFT, 225, 14, f"WhatsApp  place:{page.code}"),
    )
    return "\n".join(lines).encode("cp1252", errors="replace")


def _text(x: float, y: float, size: int, text: str) -> str:
    folded = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    bare = "".join(letter for letter in folded if not unicodedata.combining(letter))
    escaped = bare.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"BT /F {size} Tf {x:.1f} {y:.1f} Td ({escaped}) Tj ET"


def _squares(link: str) -> Iterable[str]:
    """Each dark module of the QR code as a filled square, the quiet zone left white."""
    rows = [list(row) for row in segno.make(link, error="m", micro=False).matrix_iter(border=4)]
    step = SIDE / len(rows)
    for down, row in enumerate(rows):
        for right, is_dark in enumerate(row):
            if is_dark:
                x, y = _LEFT + right * step, _BOTTOM + SIDE - (down + 1) * step
                yield f"{x:.2f} {y:.2f} {step:.2f} {step:.2f} re f"


def _document(objects: Sequence[bytes]) -> bytes:
    """The objects with the table that says where each begins."""
    written = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    written += b"".join(b"%010d 00000 n \n" % place for place in places)
    written += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(written)
