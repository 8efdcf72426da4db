"""`janji demo`, `janji up` and `janji simulate` as a newcomer starts them: an empty folder, an empty environment."""

import json
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest

from tests.webhooks.cli.test_main import JANJI, account, environment, janji
from webhooks.local.mongod import problems_here
from webhooks.local.ports import free_port

pytestmark = [pytest.mark.processes, pytest.mark.mongo]


@pytest.fixture(autouse=True)
def _a_machine_that_runs_mongod() -> None:
    problems = problems_here()
    if problems:
        pytest.skip("; ".join(problems))


def headless(cwd: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """The scripted demo, to its end."""
    done = subprocess.run(
        [*JANJI, "demo", "--headless", *more],
        cwd=cwd,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=170,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def test_the_headless_demo_plays_its_conversations_as_bubbles_and_tells_machines_one_json_line(tmp_path: Path) -> None:
    played = headless(tmp_path, "--json")
    booked = ("Booked ✅", "Sudah dipesan ✅", "Đã đặt xong ✅")
    # what people read goes to standard error then
    for words in ("Hello Hannah!", "Halo Budi!", "Chào bạn Linh!", *booked, "╭"):
        assert words in played.stderr
    assert "✗" not in played.stderr
    report = json.loads(played.stdout)
    assert report["messages_out"] > 0
    assert report["flow_exchanges"] > 0
    assert report["money_holds"]
    assert report["seconds"] > 0
    paid = [booking for booking in report["bookings"] if booking["payment_status"] == "paid"]
    assert len(paid) >= 2
    # who delivers is paid when it is delivered
    assert {booking["state"] for booking in paid} == {"COMPLETED"}
    assert {booking["state"] for booking in report["bookings"]} <= {"CONFIRMED", "COMPLETED"}
    for booking in paid:
        money = {name: amount["amount"] for name, amount in booking["money"].items()}
        assert money["captured"] == sum(amount for name, amount in money.items() if name != "captured")
        assert money["held"] == money["open"] == 0
        assert {payout["status"] for payout in booking["payouts"]} == {"SUCCEEDED"}


@pytest.mark.prove
def test_the_demo_of_another_business_books_is_paid_and_pays_out_in_its_currency(tmp_path: Path) -> None:
    report = json.loads(headless(tmp_path, "--json", "--business", "clinic").stdout)
    assert report["money_holds"]
    assert {booking["state"] for booking in report["bookings"]} == {"CONFIRMED"}
    assert {booking["money"]["captured"]["currency"] for booking in report["bookings"]} == {"VND"}
    assert len([booking for booking in report["bookings"] if booking["payment_status"] == "paid"]) == 2


@pytest.mark.prove
def test_a_person_who_plays_it_headless_reads_bubbles_and_what_became_of_the_money(tmp_path: Path) -> None:
    shown = headless(tmp_path, "--business", "consultant").stdout
    for words in ("Daniel", "Booked ✅", "Sudah lunas ✅", "╭", "paid out", "3 conversations"):
        assert words in shown
    assert "✗" not in shown


def test_a_business_that_does_not_ship_is_an_error_that_lists_those_that_do(tmp_path: Path) -> None:
    done = janji("demo", "--headless", "--business", "barber", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.splitlines() == ["✗ --business is one of concierge, clinic, consultant"]
    assert not (tmp_path / ".janji").exists()


@contextmanager
def running(*arguments: str, cwd: Path, **settings: str) -> Iterator[subprocess.Popen[str]]:
    child = subprocess.Popen(
        [*JANJI, *arguments],
        cwd=cwd,
        env=environment(**settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield child
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=40)
        assert child.returncode == 0, out + err
    finally:
        child.kill()
        child.wait()


def waited_for(url: str) -> httpx.Response:
    """The first answer of a server that is starting; fails after a minute."""
    until = time.monotonic() + 60
    while True:
        try:
            response = httpx.get(url, timeout=5, trust_env=False)
            if response.status_code == 200:
                return response
        except httpx.TransportError:
            pass
        assert time.monotonic() < until, url


def test_up_is_ready_with_an_embedded_mongodb_says_so_and_ends_cleanly_on_ctrl_c(tmp_path: Path) -> None:
    port = free_port()
    settings = account("http://127.0.0.1:1", port, "", "up")
    del settings["MONGODB_URI"], settings["SECRET_KEY"]
    with running("up", cwd=tmp_path, **settings):
        ready = waited_for(f"http://127.0.0.1:{port}/readyz").json()
        assert ready["checks"]["worker"]["ok"]
        assert "trial" in ready["notice"] or "tests" in ready["notice"]
    assert (tmp_path / ".janji" / "secret_key").stat().st_mode & 0o077 == 0


def test_simulate_prints_its_page_takes_the_simulators_options_and_ends_cleanly_on_ctrl_c(tmp_path: Path) -> None:
    own = ("--phone-number-id", "4711", "--no-pair-rate", "--seed", "7")
    with running("simulate", "--app-url", "http://127.0.0.1:1", *own, cwd=tmp_path) as child:
        assert child.stdout is not None
        told = json.loads(child.stdout.readline())
        health = waited_for(f"{told['url']}/sim/health").json()
        assert (health["app_url"], health["phone_number_id"]) == ("http://127.0.0.1:1", "4711")
        assert waited_for(f"{told['url']}/sim/manners").json()["pair_rate"] is False
        assert "text/html" in waited_for(told["page"]).headers["content-type"]


def test_simulate_refuses_an_option_that_nobody_knows(tmp_path: Path) -> None:
    assert janji("simulate", "--nonsense", cwd=tmp_path).returncode == 2


def test_a_person_chats_with_the_demo_in_a_terminal(tmp_path: Path) -> None:
    child = subprocess.Popen(
        [*JANJI, "chat", "--name", "Sari", "--number", "6281234567890"],
        cwd=tmp_path,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write("Halo\n")
        child.stdin.flush()
        assert any("Halo Sari" in line for line in child.stdout)
        _, told = child.communicate("/quit\n", timeout=60)
        assert child.returncode == 0, told
    finally:
        child.kill()
        child.wait()


def test_a_terminal_joins_a_simulator_that_runs(tmp_path: Path) -> None:
    with running("simulate", "--app-url", "http://127.0.0.1:1", cwd=tmp_path) as child:
        assert child.stdout is not None
        url = json.loads(child.stdout.readline())["url"]
        done = subprocess.run(
            [*JANJI, "chat", "--url", url, "--name", "Budi"],
            input="Halo\n",
            cwd=tmp_path,
            env=environment(),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        (customer,) = httpx.get(f"{url}/sim/customers", trust_env=False, timeout=30).json()["items"]
        assert customer["name"] == "Budi"


def page_of(child: subprocess.Popen[str]) -> str:
    """The address that the demo asks its viewer to open."""
    assert child.stderr is not None
    for line in child.stderr:
        if found := re.search(r"http://[\d.:]+/phone/", line):
            return found.group()
    raise AssertionError("it ended without naming its page")


def test_the_demo_names_one_page_that_shows_the_inside_and_moves_every_clock(tmp_path: Path) -> None:
    """With a token of any shape, at the port it was told, and every read of the command line beside it."""
    port, token = free_port(), "-looks-like-an-option"
    business = ("--business", "consultant")
    with running("demo", *business, cwd=tmp_path, PORT=str(port), JANJI_API_TOKEN=token) as child:
        page = page_of(child)
        simulator = page.removesuffix("/phone/")
        assert child.stderr is not None
        assert any(f"{page}?phones=all" in line for line in child.stderr), "where all phones are seen"
        assert "text/html" in waited_for(page).headers["content-type"]
        assert waited_for(f"http://127.0.0.1:{port}/livez").json() == {"alive": True}
        with httpx.Client(base_url=simulator, trust_env=False, timeout=30) as client:
            # what stands on top of the phone
            assert client.get("/sim/health").json()["verified_name"] == "Kirana Advisory"
            roles = {one["name"]: one["role"] for one in client.get("/sim/customers").json()["items"]}
            assert roles == {"Kirana Widjaja": "provider", "Adi Nugroho": "provider", "Ratih Puspita": "place"}
            assert client.get("/sim/backend/money/check").json()["body"]["holds"]
            told = client.post("/sim/time", json={"move": 1800}).json()
            assert (told["ahead"], told["backend"]["body"]["offset_seconds"]) == (1800, 1800)
        assert token not in "".join(command_lines())
        shown = janji("--demo", "clock", "show", "--json", cwd=tmp_path)
        assert json.loads(shown.stdout)["offset_seconds"] == 1800, shown.stderr
        assert json.loads(janji("--demo", "deliveries", "list", "--json", cwd=tmp_path).stdout)["items"] == []
        assert json.loads(janji("--demo", "money", "check", "--json", cwd=tmp_path).stdout)["holds"]
    gone = janji("--demo", "money", "check", cwd=tmp_path)
    assert (gone.returncode, gone.stdout) == (1, "")
    assert gone.stderr.splitlines() == [
        "✗ no demo runs in this folder; start one with `janji demo`, or go to the folder where it runs"
    ]


def command_lines() -> list[str]:
    """What everybody on this machine can read of every process."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            found.append(path.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
    return found


def is_used(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.parametrize("sign", [signal.SIGTERM, pytest.param(signal.SIGHUP, marks=pytest.mark.prove)])
def test_told_to_end_or_left_by_its_terminal_the_demo_leaves_nothing_running(
    tmp_path: Path, sign: signal.Signals
) -> None:
    # a page port of its own: the usual one may be taken by another test's demo the moment it is free
    port, page = free_port(), free_port()
    child = subprocess.Popen(
        [*JANJI, "demo", "--port", str(port), "--page-port", str(page)],
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert f":{page}/" in page_of(child)
        assert is_used(port)
        # whoever read it is gone: what is written at the end meets a closed pipe
        assert child.stderr is not None
        child.stderr.close()
        child.send_signal(sign)
        assert child.wait(timeout=40) == 0
        assert not is_used(port)
        assert not is_used(page)
        assert not [line for line in command_lines() if str(tmp_path / ".janji") in line]
        assert not (tmp_path / ".janji" / "demo.json").exists()
    finally:
        child.kill()
        child.wait()


@pytest.mark.parametrize("option", ["--port", "--page-port"])
def test_a_port_that_is_taken_is_one_line(tmp_path: Path, option: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = janji("demo", option, str(port), cwd=tmp_path)
    assert done.returncode == 1
    assert f"127.0.0.1:{port} is taken" in done.stderr
    assert "Traceback" not in done.stderr
    assert not [line for line in command_lines() if str(tmp_path / ".janji") in line]


def test_the_demo_refuses_what_it_does_not_know(tmp_path: Path) -> None:
    assert janji("demo", "--nonsense", cwd=tmp_path).returncode == 2
