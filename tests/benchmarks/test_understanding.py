"""The score of understanding is printed; the page changes only when that is asked for."""

from pathlib import Path

import pytest

from benchmarks.understanding import __main__ as understanding
from benchmarks.understanding import score


def test_scores_are_written_only_when_that_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(score, "HERE", tmp_path)
    monkeypatch.setattr(score, "milliseconds_each", lambda: 1.0)
    for part in ("_intents", "_dates", "_commitments", "_sure"):
        monkeypatch.setattr(understanding, part, lambda *_: "a row\n")
    understanding.main([])
    assert not (tmp_path / "README.md").exists()
    understanding.main(["--write"])
    assert "a row" in (tmp_path / "README.md").read_text("utf-8")
    assert "a row" in capsys.readouterr().out
