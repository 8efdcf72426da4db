"""The command line as a person uses it: real processes, real exit codes."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest

from bot.replies.catalogue.editing import updated
from simulator.customer import Phone
from simulator.server import serve
from simulator.settings import Settings as Outside
from tests.forks import FORKS, command
from webhooks.local.ports import free_port

ROOT = Path(__file__).parents[3]
JANJI = [sys.executable, "-c", "from webhooks.cli.main import main; main()"]
KEPT = ("PATH", "HOME", "LANG", "VIRTUAL_ENV", "PYTHONPATH")


def environment(**settings: str) -> dict[str, str]:
    """Nothing of ours but what is given."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return kept | {"PYTHONPATH": str(ROOT), "NO_COLOR": "1", "COLUMNS": "200"} | settings


def spawned(*arguments: str, cwd: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """The command from a new interpreter, as a shell starts it."""
    return subprocess.run(
        [*JANJI, *arguments],
        cwd=cwd,
        env=environment(**settings),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def janji(*arguments: str, cwd: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """The same from a process that has imported everything, which is most of what a command takes."""
    with tempfile.TemporaryDirectory() as written:
        out, err = Path(written, "out"), Path(written, "err")
        child = FORKS.Process(target=command, args=(arguments, cwd, environment(**settings), out, err))
        child.start()
        child.join(60)
        if child.exitcode is None:
            child.kill()
            raise subprocess.TimeoutExpired(arguments, 60)
        return subprocess.CompletedProcess(arguments, child.exitcode, out.read_text(), err.read_text())


OUTSIDE = Outside(pair_rate=False)


def account(url: str, port: int, mongodb_uri: str, database: str) -> dict[str, str]:
    return {
        "PORT": str(port),
        "SECRET_KEY": "s" * 48,
        "MONGODB_URI": mongodb_uri,
        "MONGODB_DATABASE": database,
        "WHATSAPP_PHONE_NUMBER_ID": OUTSIDE.phone_number_id,
        "WHATSAPP_WABA_ID": OUTSIDE.waba_id,
        "WHATSAPP_TOKEN": OUTSIDE.token,
        "WHATSAPP_APP_SECRET": OUTSIDE.app_secret,
        "WHATSAPP_VERIFY_TOKEN": OUTSIDE.verify_token,
        "GRAPH_API_BASE_URL": url,
        "JANJI_API_TOKEN": "t" * 32,
    }


def test_version_says_which_janji_this_is(tmp_path: Path) -> None:
    done = spawned("version", cwd=tmp_path)
    assert (done.returncode, done.stdout.strip()[:2]) == (0, "0.")


def test_serve_names_every_missing_setting_at_once_and_ends_1(tmp_path: Path) -> None:
    done = janji("serve", cwd=tmp_path)
    assert done.returncode == 1
    for name in ("SECRET_KEY", "MONGODB_URI", "WHATSAPP_TOKEN", "WHATSAPP_APP_SECRET", "WHATSAPP_VERIFY_TOKEN"):
        assert name in done.stderr
    assert "Traceback" not in done.stderr


def test_check_names_every_mistake_of_settings_and_business_file_with_its_line(tmp_path: Path) -> None:
    wrong = tmp_path / "business.yaml"
    wrong.write_text("name: X\ntimezone: Mars/Olympus\ncurrency: rupiah\n")
    done = janji("check", "--json", cwd=tmp_path, BUSINESS_FILE=str(wrong), PORT="99999")
    report = json.loads(done.stdout)
    assert done.returncode == 1
    assert not report["ok"]
    assert any("PORT" in problem for problem in report["problems"])
    assert any(problem.startswith(f"{wrong}:2: timezone: ") for problem in report["problems"]), report


def test_check_finds_nothing_wrong_where_nothing_is(tmp_path: Path) -> None:
    done = janji("check", cwd=tmp_path, **account("http://127.0.0.1:1", 8000, "mongodb://127.0.0.1:1", "x"))
    assert (done.returncode, done.stdout.strip()) == (0, "all is well")


def test_check_tells_what_a_language_file_lacks(tmp_path: Path) -> None:
    """The product's own packages, copied beside a file that was begun in one folder only."""
    for package in ("bot", "flows"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    folder = tmp_path / "bot/replies/catalogue"
    (folder / "nl.po").write_bytes(updated((folder / "en.po").read_bytes(), "nl"))
    settings = account("http://127.0.0.1:1", 8000, "mongodb://127.0.0.1:1", "x")
    done = spawned("check", "--json", cwd=tmp_path, **settings, PYTHONPATH=f"{tmp_path}{os.pathsep}{ROOT}")
    problems = json.loads(done.stdout)["problems"]
    assert done.returncode == 1
    assert "bot/replies/catalogue/nl.po: booking.kept is empty; translate it" in problems
    assert problems[-1] == "flows/catalogue/nl.po: is missing; `python -m bot.replies.catalogue nl` begins it"


def test_understand_answers_one_text_and_json_lines(tmp_path: Path) -> None:
    one = json.loads(janji("understand", "halo, mau pesan pijat besok jam 10", cwd=tmp_path).stdout)
    assert (one["intent"], one["language"]) == ("book", "id")


def test_understand_names_each_line_it_cannot_read_answers_the_others_and_ends_1(tmp_path: Path) -> None:
    lines = b'{"id": 1, "text": "hello", "now": "2026-03-16T10:00"}\n\nrubbish\n\xff\xfe\n{"id": 2, "text": "bye"}\n'
    done = subprocess.run(
        [*JANJI, "understand"],
        input=lines,
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    first, second, third, last = (json.loads(line) for line in done.stdout.splitlines())
    assert (first["id"], first["intent"], last["id"]) == (1, "greeting", 2)
    assert "error" in second
    assert "error" in third
    told = done.stderr.decode().splitlines()
    assert [line.partition(":")[0] for line in told] == ["✗ line 3", "✗ line 4"]


@pytest.mark.parametrize(
    ("settings", "command", "named"),
    [
        ({"MONGODB_URI": "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=300"}, ("clock", "show"), "MONGODB_URI"),
        ({"MONGODB_URI": "mongodb://u:hunter2@:nowhere"}, ("clock", "show"), "MONGODB_URI"),
        ({"HOST": "203.0.113.77"}, ("serve",), "HOST"),
        ({"HOST": "no such host"}, ("serve",), "HOST"),
        ({}, ("templates", "status"), "http://127.0.0.1:1"),
    ],
)
def test_what_is_not_there_is_one_line_that_names_it(
    tmp_path: Path, settings: dict[str, str], command: tuple[str, ...], named: str
) -> None:
    known = account("http://127.0.0.1:1", free_port(), "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=300", "x")
    done = janji(*command, cwd=tmp_path, **{**known, **settings})
    assert done.returncode == 1, done.stderr
    (line,) = done.stderr.splitlines()
    assert named in line
    assert "hunter2" not in line


def test_check_of_a_file_looks_at_that_file_alone(tmp_path: Path) -> None:
    right, wrong = tmp_path / "right.yaml", tmp_path / "wrong.yaml"
    right.write_text((Path(__file__).parents[3] / "bot" / "business" / "sample.yaml").read_text())
    wrong.write_text("name: X\ntimezone: Mars/Olympus\n")
    assert janji("check", str(right), cwd=tmp_path).stdout.strip() == "all is well"
    done = janji("check", str(wrong), cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith(f"✗ {wrong}:")
    assert "SECRET_KEY" not in done.stderr
    missing = janji("check", "nowhere.yaml", cwd=tmp_path)
    assert (missing.returncode, missing.stderr) == (1, "✗ nowhere.yaml: cannot be read (No such file or directory)\n")


def test_wrong_use_ends_2(tmp_path: Path) -> None:
    assert janji("clock", "move", "soon", cwd=tmp_path).returncode == 2
    assert janji("nonsense", cwd=tmp_path).returncode == 2


def test_the_demo_is_refused_with_a_live_key(tmp_path: Path) -> None:
    done = janji("demo", "--headless", cwd=tmp_path, XENDIT_SECRET_KEY="xnd_production_x")
    assert done.returncode == 1
    assert "live key" in done.stderr
    assert "xnd_production" not in done.stderr


@pytest.mark.mongo
def test_what_an_operator_reads_of_an_empty_house(tmp_path: Path, mongodb_uri: str) -> None:
    settings = account("http://127.0.0.1:1", 8000, mongodb_uri, f"cli_{os.getpid()}")
    assert janji("migrate", "--dry-run", cwd=tmp_path, **settings).stdout.startswith("schema 0 ->")
    assert janji("migrate", cwd=tmp_path, **settings).returncode == 0
    listed = janji("deliveries", "list", "--json", cwd=tmp_path, **settings)
    assert json.loads(listed.stdout) == {"items": [], "next_cursor": None}
    assert janji("deliveries", "replay", "whatsapp:none", cwd=tmp_path, **settings).returncode == 1
    assert janji("lead", "show", "nobody", cwd=tmp_path, **settings).returncode == 1
    moved = janji("clock", "move", "1d", cwd=tmp_path, **settings)
    assert moved.returncode == 0
    shown = json.loads(janji("clock", "show", "--json", cwd=tmp_path, **settings).stdout)
    assert 86_000 < shown["offset_seconds"] < 86_800
    assert janji("clock", "reset", cwd=tmp_path, **settings).returncode == 0


@contextmanager
def started(*arguments: str, cwd: Path, settings: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A long-running command as a process of its own, ended with SIGTERM, which must end it cleanly."""
    log = (cwd / f"{arguments[0]}.log").open("wb")
    child = subprocess.Popen([*JANJI, *arguments], cwd=cwd, env=environment(**settings), stderr=log, stdout=log)
    try:
        yield child
        child.send_signal(signal.SIGTERM)
        assert child.wait(timeout=30) == 0, (cwd / f"{arguments[0]}.log").read_text()
    finally:
        child.kill()
        child.wait()
        log.close()


@asynccontextmanager
async def outside(port: int) -> AsyncIterator[str]:
    async with serve(Outside(app_url=f"http://127.0.0.1:{port}", pair_rate=False, retry_scale=0.2)) as url:
        yield url


@pytest.mark.mongo
@pytest.mark.processes
async def test_serve_and_work_answer_a_greeting_against_any_server_that_speaks_the_protocols(
    tmp_path: Path, mongodb_uri: str
) -> None:
    port = free_port()
    async with outside(port) as url:
        settings = account(url, port, mongodb_uri, f"cli_{os.getpid()}_{port}")
        with started("serve", cwd=tmp_path, settings=settings), started("work", cwd=tmp_path, settings=settings):
            async with Phone(url, name="Ana", wa_id="6281211112222") as phone:
                await phone.say("Halo, selamat pagi")
                assert (await phone.expect("Halo Ana", timeout=30)).choices
            assert "6281211112222" not in await asyncio.to_thread(_logs, tmp_path)


def _logs(folder: Path) -> str:
    return "".join(path.read_text() for path in folder.glob("*.log"))
