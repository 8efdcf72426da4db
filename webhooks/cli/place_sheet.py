"""The QR codes of places as a PDF, one page a place, to be printed and laid out there.

Written by hand, because it is little: squares and three lines of text, in a font that is embedded.
"""

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import segno

from webhooks.cli.sheet_font import SheetFont, sheet_font

WIDTH, HEIGHT = 595, 842
"""A4, in points."""
SIDE: Final = 380.0
_LEFT: Final = (WIDTH - SIDE) / 2
_BOTTOM: Final = 260.0
_FONT: Final = 3
"""The number of the font's first object; catalogue and list of pages come before it."""
_NAME: Final = "JANJIS+DejaVuSans"
"""As a part of a font is named in a document: six letters, and whose part it is."""
_EM: Final = 1000
"""In so many parts of its size a document measures a font."""


@dataclass(frozen=True, slots=True)
class PlacePage:
    """What stands on one page."""

    business: str
    place: str
    link: str
    code: str


def sheet(pages: Sequence[PlacePage]) -> bytes:
    """The document."""
    font = sheet_font()
    fonts = _font_objects(font, "".join(f"{page.business}{page.place}{_code_line(page)}" for page in pages))
    first = _FONT + len(fonts)
    kids = " ".join(f"{first + 2 * at} 0 R" for at in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        *fonts,
    ]
    for at, page in enumerate(pages):
        drawn = _drawn(page, font)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] "
            f"/Resources << /Font << /F {_FONT} 0 R >> >> /Contents {first + 2 * at + 1} 0 R >>".encode()
        )
        objects.append(_stream(drawn))
    return _document(objects)


def _drawn(page: PlacePage, font: SheetFont) -> bytes:
    lines = (
        _text(font, 740, 18, page.business),
        _text(font, 700, 30, page.place),
        *_squares(page.link),
        _text(font, 225, 14, _code_line(page)),
    )
    return "\n".join(lines).encode("ascii")


def _code_line(page: PlacePage) -> str:
    return f"WhatsApp  place:{page.code}"


def _text(font: SheetFont, y: int, size: int, text: str) -> str:
    """A line, as large as it fits over the code."""
    fitting = min(size, SIDE / max(font.width(text), 1.0))
    glyphs = "".join(f"{font.glyphs[ord(letter)]:04X}" for letter in font.written(text))
    return f"BT /F {fitting:.2f} Tf {_LEFT:.1f} {y} Td <{glyphs}> Tj ET"


def _font_objects(font: SheetFont, used: str) -> list[bytes]:
    """The font, its measures and its file, and which letters its glyphs are, so that what is read can be copied."""
    known = {font.glyphs[ord(letter)]: letter for letter in font.written(used)}
    rows = [f"<{glyph:04X}> <{letter.encode('utf-16-be').hex().upper()}>" for glyph, letter in known.items()]
    # a block takes a hundred at most
    blocks = [rows[at : at + 100] for at in range(0, len(rows), 100)]
    letters = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    widths = " ".join(f"{glyph} [{_measure(font, font.widths[glyph])}]" for glyph in sorted(known))
    box = " ".join(str(_measure(font, edge)) for edge in font.box)
    packed = zlib.compress(font.data, 9)
    return [
        f"<< /Type /Font /Subtype /Type0 /BaseFont /{_NAME} /Encoding /Identity-H "
        f"/DescendantFonts [{_FONT + 1} 0 R] /ToUnicode {_FONT + 4} 0 R >>".encode(),
        f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{_NAME} /CIDToGIDMap /Identity "
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "
        f"/FontDescriptor {_FONT + 2} 0 R /DW {_EM} /W [{widths}] >>".encode(),
        f"<< /Type /FontDescriptor /FontName /{_NAME} /Flags 4 /FontBBox [{box}] /ItalicAngle 0 /StemV 80 "
        f"/Ascent {_measure(font, font.ascent)} /Descent {_measure(font, font.descent)} "
        f"/CapHeight {_measure(font, font.ascent)} /FontFile2 {_FONT + 3} 0 R >>".encode(),
        _stream(packed, f" /Filter /FlateDecode /Length1 {len(font.data)}"),
        _stream(_TO_UNICODE.format(letters=letters).encode()),
    ]


_TO_UNICODE: Final = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
{letters}
endcmap
CMapName currentdict /CMap defineresource pop
end
end"""


def _measure(font: SheetFont, part: int) -> int:
    return round(part * _EM / font.units)


def _stream(body: bytes, more: str = "") -> bytes:
    return b"<< /Length %d%b >>\nstream\n%b\nendstream" % (len(body), more.encode(), body)


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
