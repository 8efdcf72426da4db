"""The embedded MongoDB: alone on its directory, closed to strangers, and never left behind or lost."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient, WriteConcern
from pymongo.errors import OperationFailure

from tests.conftest import BOTH_DRIVERS, Database, cannot_run
from webhooks.local import embedded
from webhooks.local.embedded import FOR_TESTS, Embedded
from webhooks.local.mongod import problems_here

pytestmark = pytest.mark.mongo


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Embedded]:
    if problems := problems_here():
        cannot_run(" ".join(problems))
    with embedded.running(tmp_path / "mongo", FOR_TESTS) as running:
        yield running


def client_of(uri: str, **options: Any) -> MongoClient[dict[str, Any]]:
    return MongoClient(uri, serverSelectionTimeoutMS=5000, **options)


def answers(server: Embedded) -> bool:
    port = int(server.uri.partition("@127.0.0.1:")[2].partition("/")[0])
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_it_is_a_replica_set_that_takes_majority_writes_and_transactions(server: Embedded) -> None:
    with client_of(server.uri) as client, client.start_session() as session:
        rooms = client.shop.get_collection("rooms", write_concern=WriteConcern("majority"))
        session.with_transaction(lambda inside: rooms.insert_one({"_id": "a"}, session=inside))
        assert rooms.count_documents({}) == 1


def test_nobody_gets_in_without_the_password(server: Embedded) -> None:
    address = server.uri.partition("@")[2].partition("/")[0]
    with client_of(f"mongodb://{address}/?directConnection=true") as stranger:
        with pytest.raises(OperationFailure):
            stranger.shop.rooms.find_one()
        with pytest.raises(OperationFailure):
            stranger.admin.command("createUser", "me", pwd="me", roles=["root"])


def test_its_secrets_are_ours_alone_and_not_in_its_repr(server: Embedded) -> None:
    password = (server.directory / "password").read_text()
    for name in ("password", "keyfile"):
        assert stat.S_IMODE((server.directory / name).stat().st_mode) == 0o600
    assert password in server.uri
    assert password not in repr(server)


def test_a_second_start_on_the_directory_attaches_and_the_last_one_out_stops_it(server: Embedded) -> None:
    second = embedded.start(server.directory, FOR_TESTS)
    assert second.attached
    assert second.uri == server.uri
    server.stop()
    with client_of(second.uri) as client:
        assert client.admin.command("ping")["ok"]
    second.stop()
    second.stop()
    assert not answers(server)


def test_a_server_whose_owner_was_killed_is_used_again(tmp_path: Path) -> None:
    if problems := problems_here():
        cannot_run(" ".join(problems))
    program = (
        "import pathlib, sys; from webhooks.local import embedded; "
        "print(embedded.start(pathlib.Path(sys.argv[1])).pid, flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        pid = int(owner.stdout.readline())
        owner.send_signal(signal.SIGKILL)
    with embedded.running(tmp_path) as again:
        assert again.attached
        assert again.pid == pid
    assert not answers(again)


def test_a_start_killed_before_it_noted_its_pid_is_found_by_the_lock_of_the_server(server: Embedded) -> None:
    note = server.directory / "running.json"
    note.write_text(json.dumps(json.loads(note.read_text()) | {"pid": 0}))
    with embedded.running(server.directory, FOR_TESTS) as again:
        assert again.attached
        assert again.pid == server.pid


def test_a_killed_server_is_started_again_with_its_documents_though_its_port_was_taken(
    server: Embedded,
) -> None:
    with client_of(server.uri) as client:
        client.shop.get_collection("rooms", write_concern=WriteConcern("majority")).insert_one({"_id": "a"})
    os.kill(server.pid, signal.SIGKILL)
    os.waitpid(server.pid, 0)
    note = server.directory / "running.json"
    note.write_text(json.dumps({"pid": os.getpid(), "port": 1}))  # our own pid: alive, and not a mongod
    with embedded.running(server.directory, FOR_TESTS) as again, client_of(again.uri) as client:
        assert not again.attached
        assert client.shop.rooms.find_one() == {"_id": "a"}


def test_every_problem_of_the_machine_is_named_with_the_package_that_mends_it() -> None:
    problems = problems_here(cpu_flags="sse2", missing=("libcurl.so.4", "libssl.so.3"))
    told = " ".join(problems)
    assert "AVX" in told
    assert "apt-get install libcurl4" in told
    assert "apt-get install libssl3" in told


def test_a_lost_password_is_made_anew(server: Embedded) -> None:
    server.stop()
    (server.directory / "password").unlink()
    with embedded.running(server.directory, FOR_TESTS) as again, client_of(again.uri) as client:
        assert again.uri != server.uri
        assert client.admin.command("ping")["ok"]


def test_a_server_that_refuses_to_start_says_why(server: Embedded) -> None:
    server.stop()
    (server.directory / "keyfile").chmod(0o644)
    with pytest.raises(embedded.CannotStart, match="security key"):
        embedded.start(server.directory, FOR_TESTS)


@pytest.mark.parametrize("database", BOTH_DRIVERS, indirect=True)
async def test_each_test_gets_a_fresh_database_on_either_driver(database: Database) -> None:
    await database.rooms.insert_one({"_id": "a"})
    assert await database.rooms.count_documents({}) == 1
