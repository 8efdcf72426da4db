"""`janji places codes`: links, revocations and the sheet to be printed, at the command line."""

import asyncio
import json
import re
import secrets
import unicodedata
import zlib
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from urllib.parse import unquote

import pytest
import segno

from bot.domain.place_codes import code_in, code_subject
from simulator.server import serve
from tests.conftest import connected
from tests.contracts.test_place_codes import with_rooms
from tests.webhooks.cli.test_main import OUTSIDE, account, janji
from webhooks.cli.place_sheet import SIDE, PlacePage, sheet
from webhooks.cli.places import coded_rows
from webhooks.cli.sheet_font import sheet_font


@pytest.mark.mongo
@pytest.mark.processes
@pytest.mark.timeout(240)
async def test_codes_are_listed_printed_and_revoked(mongodb_uri: str, tmp_path: Path) -> None:
    name = f"places_{secrets.token_hex(6)}"
    async with serve(OUTSIDE) as url, connected(mongodb_uri, "pymongo") as client:
        settings = account(url, 0, mongodb_uri, name)

        async def told(*arguments: str) -> tuple[int, str, str]:
            done = await asyncio.to_thread(janji, "places", "codes", *arguments, cwd=tmp_path, **settings)
            return done.returncode, done.stdout, done.stderr

        code, said, _ = await told("--json", "--pdf", "sheet.pdf")
        items = json.loads(said)["items"]
        assert (code, len(items)) == (0, 6)
        assert (tmp_path / "sheet.pdf").read_bytes().count(b"/Type /Page ") == 6
        # the number is WhatsApp's own word for ours
        assert all(item["link"].startswith(f"https://wa.me/{OUTSIDE.display_phone_number}?text=") for item in items)
        first = items[0]
        assert code_in(unquote(first["link"])) == first["code"]
        assert (await told("--place", "villa-melati", "--revoke", first["code"], "--dry-run"))[0] == 0
        code, said, _ = await told(
            "--place", "villa-melati", "--revoke", first["code"].lower(), "--number", "+6281234567890"
        )
        place, new, link = said.split()
        assert (code, place, link[:28]) == (0, "villa-melati", "https://wa.me/6281234567890?")
        assert new != first["code"]
        code, _, wrong = await told("--revoke", first["code"])
        assert (code, "is revoked already" in wrong) == (1, True)
        await client.drop_database(name)


@pytest.mark.mongo
@pytest.mark.processes
@pytest.mark.timeout(240)
async def test_what_cannot_be_done_is_one_line(mongodb_uri: str, tmp_path: Path) -> None:
    name = f"places_{secrets.token_hex(6)}"
    settings = account("http://127.0.0.1:9", 0, mongodb_uri, name)
    wanted = [
        (("--revoke", "0000-0000-0000"), 1, "0000-0000-0000: is no code of ours"),
        (("--place", "villa-nowhere"), 2, "--place is one of villa-melati"),
        (("--number", "12"), 2, "--number is a telephone number"),
        ((), 1, "WhatsApp did not say which number is ours (ConnectError); name it with --number"),
    ]
    for arguments, code, words in wanted:
        done = await asyncio.to_thread(janji, "places", "codes", *arguments, cwd=tmp_path, **settings)
        assert (done.returncode, done.stdout) == (code, "")
        assert words in done.stderr
        assert len(done.stderr.splitlines()) == 1


PAGE = PlacePage("Nha khoa (Sao Mai)", "Phòng 1, Đà Lạt", "https://wa.me/6281234567890?text=Hello%21", "0123-4567-89AB")


def test_the_sheet_is_a_pdf_whose_table_finds_every_object() -> None:
    made = sheet([PAGE, PAGE])
    table = int(re.search(rb"startxref\n(\d+)\n%%EOF\n$", made)[1])  # type: ignore[index]
    assert made[table:].startswith(b"xref\n0 12\n")
    starts = [int(start) for start in re.findall(rb"^(\d{10}) 00000 n", made[table:], re.MULTILINE)]
    assert [made[start:].split(b" ", 1)[0] for start in starts] == [b"%d" % number for number in range(1, 12)]
    for size, body in re.findall(rb"/Length (\d+) >>\nstream\n(.*?)\nendstream", made, re.DOTALL):
        assert int(size) == len(body)


def test_the_squares_are_those_of_the_link_and_the_names_are_readable() -> None:
    made = sheet([PAGE]).decode("latin-1")
    drawn = {tuple(map(float, found)) for found in re.findall(r"([\d.]+) ([\d.]+) [\d.]+ [\d.]+ re f", made)}
    rows = [list(row) for row in segno.make(PAGE.link, error="m", micro=False).matrix_iter(border=4)]
    assert len(drawn) == sum(map(sum, rows))
    step = SIDE / len(rows)
    left, bottom = min(x for x, _ in drawn), min(y for _, y in drawn)
    seen = {(round((x - left) / step), round((y - bottom) / step)) for x, y in drawn}
    dark = {
        (right - 4, len(rows) - 5 - down) for down, row in enumerate(rows) for right, cell in enumerate(row) if cell
    }
    assert seen == dark
    assert lines_of(sheet([PAGE])) == [PAGE.business, PAGE.place, "WhatsApp  place:0123-4567-89AB"]


def lines_of(made: bytes) -> list[str]:
    """The lines as a reader of the document has them: by its own table from glyphs to letters."""
    pairs = re.findall(rb"^<([0-9A-F]{4})> <([0-9A-F]{4,8})>$", made, re.MULTILINE)
    letters = {int(glyph, 16): bytes.fromhex(code.decode()).decode("utf-16-be") for glyph, code in pairs}
    lines = [bytes.fromhex(line.decode()) for line in re.findall(rb"<([0-9A-F]+)> Tj", made)]
    return ["".join(letters[int.from_bytes(line[at : at + 2])] for at in range(0, len(line), 2)) for line in lines]


VIETNAMESE = "ắằẳẵặấầẩẫậếềểễệốồổỗộớờởỡợứừửữựỳýỷỹỵđ"


def test_the_font_that_ships_has_every_letter_of_the_three_languages_with_its_marks() -> None:
    font = sheet_font()
    for letter in f"{VIETNAMESE}{VIETNAMESE.upper()}₫–’“”·":
        assert font.written(letter) == letter
        # a mark that is written by itself is the same letter
        assert font.written(unicodedata.normalize("NFD", letter)) == letter
        assert font.glyphs[ord(letter)]
    # a wide letter is wide, and each has a drawing of its own
    assert font.width("W") > font.width("i") > 0
    assert len({font.glyphs[ord(letter)] for letter in VIETNAMESE}) == len(VIETNAMESE)
    assert font.written("ΩⅠ①Ж") == "?I1?"


def test_the_embedded_font_is_the_one_that_ships_with_its_licence() -> None:
    made = sheet([PAGE])
    (packed,) = re.findall(rb"/FlateDecode /Length1 \d+ >>\nstream\n(.*?)\nendstream", made, re.DOTALL)
    assert zlib.decompress(packed) == sheet_font().data
    assert "Bitstream Vera" in (files("webhooks.cli") / "fonts" / "LICENSE_dejavu.txt").read_text("utf-8")


def test_a_long_name_fits_the_page() -> None:
    made = sheet([replace(PAGE, place="Một cái tên rất dài của phòng khám nha khoa ở Sài Gòn")])
    sizes = [float(size) for size in re.findall(rb"/F ([\d.]+) Tf", made)]
    assert sizes[1] < 20
    assert sheet_font().width(lines_of(made)[1]) * sizes[1] <= SIDE + 1


def test_a_room_has_a_page_of_its_own() -> None:
    business = with_rooms()
    subjects = [code_subject(str(place.id), room) for place in business.places for room in (None, *place.rooms)]
    rows = coded_rows(business, {subject: f"CODE-{at}" for at, subject in enumerate(subjects)}, "6281234567890")
    assert len({row["code"] for row in rows}) == len(rows) == len(business.places) + 2
    (lotus,) = [row for row in rows if row["room"] == "Lotus"]
    assert (lotus["place"], lotus["name"]) == ("villa-padi", "Villa Padi · Lotus")
    page = sheet([PlacePage(lotus["business"], lotus["name"], lotus["link"], lotus["code"])])
    assert "Villa Padi · Lotus" in lines_of(page)
    assert {row["place"] for row in coded_rows(business, dict.fromkeys(subjects, "C"), "62", "villa-padi")} == {
        "villa-padi"
    }
