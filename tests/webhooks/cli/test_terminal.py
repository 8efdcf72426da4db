"""How a command ends: what it did not finish is no success, what a person stops is."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import typer

from bot.store.heartbeats import Beating, ToldBy
from webhooks.business import load_business
from webhooks.cli.terminal import fail, misused, run, run_until_stopped
from webhooks.processes.older_versions import OlderIsAlive


async def interrupted() -> None:
    raise KeyboardInterrupt


def test_an_interrupted_task_is_not_done() -> None:
    with pytest.raises(typer.Exit) as ended:
        run(interrupted())
    assert ended.value.exit_code == 1


def test_what_runs_until_it_is_stopped_ends_0() -> None:
    with pytest.raises(typer.Exit) as ended:
        run_until_stopped(interrupted())
    assert ended.value.exit_code == 0


def test_an_older_version_that_is_alive_ends_the_start_1_with_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    async def started() -> None:
        raise OlderIsAlive(
            [Beating("worker", "ab12cd34", ToldBy("0.3.0", "vps-1", 812), datetime(2026, 11, 29, tzinfo=UTC))]
        )

    with pytest.raises(typer.Exit) as ended:
        run_until_stopped(started())
    assert ended.value.exit_code == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "`janji work` (janji 0.3.0, process 812 on vps-1)" in line


def test_a_wrong_business_file_ends_the_task_with_its_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = tmp_path / "business.yaml"
    wrong.write_text("name: X\nnonsense: [1]\n")

    async def opened() -> None:
        load_business(wrong)

    with pytest.raises(typer.Exit) as ended:
        run(opened())
    assert ended.value.exit_code == 1
    assert f"✗ {wrong}:2: nonsense: nobody knows this key" in capsys.readouterr().err


@pytest.mark.parametrize(("written", "why"), [(None, "No such file or directory"), (b"name: \xff", "it is not UTF-8")])
def test_a_business_file_that_cannot_be_read_is_told_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], written: bytes | None, why: str
) -> None:
    path = tmp_path / "business.yaml"
    if written is not None:
        path.write_bytes(written)

    async def opened() -> None:
        load_business(path)

    with pytest.raises(typer.Exit) as ended:
        run(opened())
    assert ended.value.exit_code == 1
    assert capsys.readouterr().err == f"✗ BUSINESS_FILE: cannot be read ({why})\n"


def test_each_problem_is_a_line_whatever_is_in_it(capsys: pytest.CaptureFixture[str]) -> None:
    ends = fail("PORT: [red] is no number", "HOST: " + "x" * 300), misused("30m, 2h")
    assert [one.exit_code for one in ends] == [1, 2]
    assert capsys.readouterr().err.splitlines() == [
        "✗ PORT: [red] is no number",
        "✗ HOST: " + "x" * 300,
        "✗ 30m, 2h",
    ]
