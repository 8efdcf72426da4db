"""`make bench` runs: real processes of the product, a real mongod, the peer in its own environment."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.load import page, peer
from benchmarks.load.figures import GOALS, NAMES
from benchmarks.load.processes import CannotRun
from tests.conftest import cannot_run

ROOT = Path(__file__).parent.parent.parent

PROMISED = {
    "ack_ratio",
    "ack_p99_ratio",
    "flow_read_ratio",
    "flow_write_ratio",
    "flow_p99_ms",
    "message_ops",
    "message_cpu_ms",
    "answered_per_s",
    "burst_p99_s",
    "scale_ratio",
    "messages_chat",
    "messages_flow",
    "templates_partner",
    "rss_web_mb",
    "rss_worker_mb",
    "idle_cpu_percent",
    "ops_while_waiting",
}


def test_every_promised_figure_has_a_name_and_a_goal() -> None:
    assert set(NAMES) == PROMISED
    assert {goal.name for goal in GOALS} == PROMISED


@pytest.mark.prove
@pytest.mark.mongo
@pytest.mark.processes
@pytest.mark.timeout(900)
def test_a_tiny_run_measures_every_figure_and_writes_nothing() -> None:
    try:
        peer.environment("peer", peer.HERE / "peer.lock")
    except CannotRun as reason:
        cannot_run(f"the peer cannot be installed: {reason}")
    written = page.PAGE.read_bytes()
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--tiny"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert set(told) == PROMISED
    assert {name: value for name, value in told.items() if value is None or value < 0} == {}
    assert told["message_ops"] > 1
    assert told["ack_ratio"] > 0
    assert told["messages_chat"] >= 1
    assert page.PAGE.read_bytes() == written
