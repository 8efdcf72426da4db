"""The line format of `janji understand`."""

from __future__ import annotations

import json

from intents.lines import answered


def test_a_line_answers_in_the_zone_it_names() -> None:
    line = {
        "id": 7,
        "text": "lusa jam 3 sore mau pijat",
        "now": "2026-03-16T20:00:00Z",
        "timezone": "Asia/Jakarta",
        "language": "id",
    }
    answer = json.loads(answered(json.dumps(line)))
    assert answer["id"] == 7
    assert answer["intent"] == answer["intents"][0] == "book"
    assert answer["language"] == "id"
    assert answer["dates"] == [{"kind": "datetime", "value": "2026-03-19T15:00", "text": "lusa jam 3 sore"}]


def test_an_interval_is_a_pair() -> None:
    line = {"text": "dari jumat sampai minggu", "now": "2026-03-16T10:00", "timezone": "Asia/Jakarta", "language": "id"}
    (value,) = json.loads(answered(json.dumps(line)))["dates"]
    assert (value["kind"], value["value"]) == ("interval", ["2026-03-20", "2026-03-22"])


def test_an_unreadable_line_says_so() -> None:
    for line in (
        "",
        "{",
        "[]",
        '{"id": 1}',
        '{"text": 3}',
        '{"text": "x", "timezone": "Mars/Base"}',
        '{"text": "x", "now": "soon"}',
    ):
        assert "error" in json.loads(answered(line))
