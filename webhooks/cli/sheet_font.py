"""The font of the sheets that are printed, read from its own tables: which glyph a letter has, and how wide it is.

DejaVu Sans, cut down to Latin with all Vietnamese marks (ADR 2 says how and under which licence). It is embedded in
each document, since no reader brings one that has them.
"""

import struct
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_FILE = "fonts/dejavu_sans.ttf"
_MISSING = "?"


@dataclass(frozen=True, slots=True)
class SheetFont:
    """A TrueType font as a document needs it."""

    data: bytes
    units: int
    """So many make the size of the font."""
    box: tuple[int, int, int, int]
    ascent: int
    descent: int
    glyphs: Mapping[int, int]
    """By the code of the letter."""
    widths: tuple[int, ...]
    """By glyph."""

    def written(self, text: str) -> str:
        """The text in letters that the font has: one it lacks without its marks, else as a question mark."""
        whole = unicodedata.normalize("NFC", text)
        return "".join(letter if ord(letter) in self.glyphs else self._plain(letter) for letter in whole)

    def _plain(self, letter: str) -> str:
        bare = unicodedata.normalize("NFKD", letter)[:1]
        return bare if bare and ord(bare) in self.glyphs else _MISSING

    def width(self, text: str) -> float:
        """How wide it is at size 1."""
        return sum(self.widths[self.glyphs[ord(letter)]] for letter in self.written(text)) / self.units


@cache
def sheet_font() -> SheetFont:
    """The one that ships."""
    data = files("webhooks.cli").joinpath(_FILE).read_bytes()
    tables = dict(_tables(data))
    head, hhea = tables["head"], tables["hhea"]
    (units,) = struct.unpack_from(">H", head, 18)
    ascent, descent = struct.unpack_from(">hh", hhea, 4)
    (measured,) = struct.unpack_from(">H", hhea, 34)
    (count,) = struct.unpack_from(">H", tables["maxp"], 4)
    widths = [struct.unpack_from(">H", tables["hmtx"], 4 * glyph)[0] for glyph in range(measured)]
    # of glyphs that are all as wide as the last one only that is stored
    widths += widths[-1:] * (count - measured)
    box = struct.unpack_from(">hhhh", head, 36)
    return SheetFont(data, units, box, ascent, descent, dict(_letters(tables["cmap"])), tuple(widths))


def _tables(data: bytes) -> Iterator[tuple[str, bytes]]:
    (count,) = struct.unpack_from(">H", data, 4)
    for number in range(count):
        tag, _, start, length = struct.unpack_from(">4sLLL", data, 12 + 16 * number)
        yield tag.decode("ascii"), data[start : start + length]


def _letters(cmap: bytes) -> Iterator[tuple[int, int]]:
    """Each letter and its glyph, from the table of format 4: runs of codes, as our font has them all."""
    (start,) = struct.unpack_from(">L", cmap, 8)
    shape, _, _, twice = struct.unpack_from(">4H", cmap, start)
    if shape != 4:
        raise ValueError(f"{_FILE}: its letters are in format {shape}")
    runs, at = twice // 2, start + 14
    ends = struct.unpack_from(f">{runs}H", cmap, at)
    firsts = struct.unpack_from(f">{runs}H", cmap, at + twice + 2)
    deltas = struct.unpack_from(f">{runs}H", cmap, at + 2 * twice + 2)
    offsets_at = at + 3 * twice + 2
    offsets = struct.unpack_from(f">{runs}H", cmap, offsets_at)
    for run, (first, last) in enumerate(zip(firsts, ends, strict=True)):
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = code
            if offsets[run]:
                place = offsets_at + 2 * run + offsets[run] + 2 * (code - first)
                (glyph,) = struct.unpack_from(">H", cmap, place)
                if glyph == 0:
                    continue
            yield code, (glyph + deltas[run]) % 0x10000
