"""`janji catalogue`: a table is checked whole, shown, and switched in one step; a fault keeps the old price book."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.business.price_sheet import as_table
from bot.business.sheet import write_csv
from bot.business.workbook import write_workbook
from tests.bot.business.makers import SAMPLE, sample
from tests.bot.business.test_price_sheet import WITH_BOOK
from webhooks.business import load_business
from webhooks.cli.main import app

RUN = CliRunner()
TABLE = as_table(sample().prices, "IDR")
DEARER = (TABLE[0], (*TABLE[1][:10], "360000", TABLE[1][11]), *TABLE[2:])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A business whose prices are in a file of their own."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "business.yaml").write_text(WITH_BOOK, "utf-8")
    (tmp_path / "prices.csv").write_bytes(write_csv(TABLE))
    monkeypatch.setenv("BUSINESS_FILE", str(tmp_path / "business.yaml"))
    return tmp_path


def price_now(folder: Path) -> int:
    return load_business(folder / "business.yaml").prices[0].amount


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_table_is_shown_then_switched_and_the_second_time_nothing_is_other(folder: Path, kind: str) -> None:
    source = folder / f"new.{kind}"
    source.write_bytes(write_csv(DEARER) if kind == "csv" else write_workbook(DEARER))
    shown = RUN.invoke(app, ["catalogue", "pull", str(source), "--dry-run"])
    assert (shown.exit_code, price_now(folder)) == (0, 350_000), shown.output
    assert f"~ {TABLE[1][0]}: amount 350000 → 360000" in shown.stdout
    done = json.loads(RUN.invoke(app, ["catalogue", "pull", str(source), "--json"]).stdout)
    assert (done["ok"], done["switched"], price_now(folder)) == (True, True, 360_000)
    assert done["changed"] == [{"id": TABLE[1][0], "columns": {"amount": {"from": "350000", "to": "360000"}}}]
    again = RUN.invoke(app, ["catalogue", "pull", str(source)])
    assert (again.exit_code, again.stdout) == (0, "nothing is other\n")
    assert not [path for path in folder.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize(
    ("amount", "says"),
    [
        ("24779.95", ":2: K2 (amount): `24779.95` has a fraction, but IDR has no decimals; round it"),
        ("1", ":2: L2 (payout): the provider gets 250000 of 1; pay out no more than the price"),
    ],
)
def test_a_fault_is_told_with_its_cell_and_keeps_the_old_price_book(folder: Path, amount: str, says: str) -> None:
    (folder / "new.csv").write_bytes(write_csv((TABLE[0], (*TABLE[1][:10], amount, TABLE[1][11]), *TABLE[2:])))
    done = RUN.invoke(app, ["catalogue", "pull", "new.csv"])
    assert (done.exit_code, price_now(folder)) == (1, 350_000)
    assert f"✗ new.csv{says}" in done.stderr
    as_json = RUN.invoke(app, ["catalogue", "pull", "new.csv", "--json"])
    (problem,) = json.loads(as_json.stdout)["problems"]
    assert (as_json.exit_code, problem["row"], problem["source"]) == (1, 2, "new.csv")


def test_a_hole_in_the_prices_keeps_the_old_price_book(folder: Path) -> None:
    (folder / "new.csv").write_bytes(write_csv((TABLE[0], *TABLE[3:])))
    done = RUN.invoke(app, ["catalogue", "pull", "new.csv"])
    assert (done.exit_code, price_now(folder)) == (1, 350_000)
    assert "must be paid, but has no price" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["pull", "gone.csv"], 1, "cannot be read (No such file or directory)"),
        (["pull", "http://sheets.example/x"], 2, "begin it with https://"),
        (["pull", "ftp://sheets.example/x"], 2, "begin it with https://"),
        (["push", "https://sheets.example/x.csv"], 2, "can be read only"),
        (["push", "prices.pdf"], 2, "end it with .csv or .xlsx"),
        (["push", "gone/prices.csv"], 1, "cannot be written"),
        (["pull"], 2, "Missing argument"),
    ],
)
def test_wrong_use_ends_2_and_what_cannot_be_done_1(folder: Path, arguments: list[str], code: int, says: str) -> None:
    done = RUN.invoke(app, ["catalogue", *arguments])
    assert done.exit_code == code
    assert says in done.stderr


def test_prices_leave_a_business_file_for_a_table_and_come_back_the_same(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "business.yaml").write_text(SAMPLE, "utf-8")
    refused = RUN.invoke(app, ["catalogue", "pull", "prices.csv"])
    assert refused.exit_code == 1
    assert "names no price book; write `price_book: prices.csv`" in refused.stderr
    assert RUN.invoke(app, ["catalogue", "push", "out.xlsx", "--dry-run"]).exit_code == 0
    assert not (folder / "out.xlsx").exists()
    pushed = json.loads(RUN.invoke(app, ["catalogue", "push", "out.xlsx", "--json"]).stdout)
    assert (pushed["rows"], pushed["written"]) == (len(TABLE) - 1, True)
    (folder / "business.yaml").write_text(WITH_BOOK, "utf-8")
    (folder / "prices.csv").unlink()
    missing = RUN.invoke(app, ["check", str(folder / "business.yaml")])
    assert missing.exit_code == 1
    assert "price_book: `prices.csv` cannot be read" in missing.stderr
    assert RUN.invoke(app, ["catalogue", "pull", "out.xlsx"]).exit_code == 0
    assert as_table(load_business(folder / "business.yaml").prices, "IDR") == TABLE


class _Published(BaseHTTPRequestHandler):
    """A sheet published at an address, which sends on to where its content is."""

    def do_GET(self) -> None:
        if self.path == "/pub":
            self.send_response(307)
            self.send_header("Location", "/content")
            self.end_headers()
            return
        self.send_response(200 if self.path != "/gone" else 404)
        self.end_headers()
        self.wfile.write(b"<html>Sign in</html>" if self.path == "/page" else b"\xef\xbb\xbf" + write_csv(DEARER))

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def published() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _Published)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_published_address_is_pulled_and_a_page_in_its_place_is_told(folder: Path, published: str) -> None:
    page = RUN.invoke(app, ["catalogue", "pull", f"{published}/page"])
    gone = RUN.invoke(app, ["catalogue", "pull", f"{published}/gone"])
    assert (page.exit_code, gone.exit_code, price_now(folder)) == (1, 1, 350_000)
    assert "is a web page and no table" in page.stderr
    assert "answers 404; is the sheet published" in gone.stderr
    done = RUN.invoke(app, ["catalogue", "pull", f"{published}/pub"])
    assert (done.exit_code, price_now(folder)) == (0, 360_000), done.output
