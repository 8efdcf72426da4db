"""Callbacks: headers, odd key order, the retry ladder on the simulator's clock, and trouble on the way."""

from typing import Any

from tests.simulator.xendit.house import TOKEN, House


def pay(house: House, **more: object) -> Any:
    return house.post("/pay", {"invoice": "att-1", "wait": True, **more})


def test_a_callback_bears_the_token_and_an_id(house: House) -> None:
    house.invoice()
    pay(house)
    [(headers, _)] = house.ear.heard
    assert headers["X-Callback-Token"] == TOKEN
    assert headers["Webhook-Id"] == house.get("/callbacks")[0]["webhook_id"]


def test_the_keys_of_a_body_come_by_length(house: House) -> None:
    house.invoice(metadata={"secret": "never comes back"}, items=[{"name": "Massage", "price": 1, "quantity": 1}])
    pay(house)
    [(_, told)] = house.ear.heard
    assert list(told) == sorted(told, key=lambda name: (len(name), name))
    assert "metadata" not in told
    assert told["items"][0]["name"] == "Massage"


def test_a_callback_that_fails_is_tried_again_by_the_documented_ladder(house: House) -> None:
    house.ear.answers[:] = [500] * 6
    house.invoice()
    pay(house)
    house.advance(hours=48)
    [callback] = house.get("/callbacks")
    moments = [entry["at"][8:16] for entry in callback["tries"]]
    assert moments == ["02T03:00", "02T03:15", "02T04:00", "02T06:00", "02T09:00", "02T15:00", "03T03:00"]
    assert callback["state"] == "delivered"
    assert len({headers["Webhook-Id"] for headers, _ in house.ear.heard}) == 1


def test_after_six_more_tries_xendit_gives_up(house: House) -> None:
    house.ear.answers[:] = [503] * 20
    house.invoice()
    pay(house)
    house.advance(days=3)
    [callback] = house.get("/callbacks")
    assert (callback["state"], len(callback["tries"])) == ("given_up", 7)


def test_a_callback_can_be_sent_again_by_hand_under_its_id(house: House) -> None:
    house.post("/faults", {"kind": "drop", "on": "invoice.*"})
    house.invoice()
    pay(house)
    [callback] = house.get("/callbacks")
    assert (callback["state"], house.ear.heard) == ("dropped", [])
    house.post(f"/callbacks/{callback['webhook_id']}/resend")
    [(headers, _)] = house.ear.heard
    assert headers["Webhook-Id"] == callback["webhook_id"]


def test_a_callback_can_come_twice_and_in_parallel_copies(house: House) -> None:
    house.post("/faults", {"kind": "double"})
    house.post("/faults", {"kind": "parallel", "copies": 3})
    house.invoice()
    pay(house)
    pay(house)
    ids = [headers["Webhook-Id"] for headers, _ in house.ear.heard]
    assert [ids.count(one) for one in dict.fromkeys(ids)] == [2, 3]


def test_a_callback_can_come_late(house: House) -> None:
    house.post("/faults", {"kind": "delay", "seconds": 90})
    house.invoice()
    pay(house)
    assert house.ear.heard == []
    house.advance(seconds=89)
    assert house.ear.heard == []
    house.advance(seconds=1)
    assert house.ear.events() == ["PAID"]


def test_a_callback_can_come_after_the_next_one(house: House) -> None:
    house.post("/topup", {"amount": 1_000_000})
    house.post("/faults", {"kind": "reorder", "on": "payout.succeeded"})
    house.payout(account="654321")
    house.advance(seconds=5)
    assert house.ear.heard == []
    house.post("/habits", {"reversal_delay": 1})
    house.invoice()
    pay(house)
    assert house.ear.events() == ["PAID", "payout.succeeded"]


def test_a_held_back_callback_with_nothing_after_it_comes_by_itself(house: House) -> None:
    house.post("/faults", {"kind": "reorder"})
    house.invoice()
    pay(house)
    assert house.ear.heard == []
    house.advance(minutes=2)
    assert house.ear.events() == ["PAID"]


def test_moving_the_clock_fires_what_falls_due_in_order(house: House) -> None:
    house.post("/habits", {"expired_callbacks": True})
    house.post("/topup", {"amount": 1_000_000})
    house.invoice("att-2", invoice_duration=30)
    house.payout(account="654321")
    moved = house.advance(days=1)
    assert house.ear.events() == ["payout.succeeded", "EXPIRED", "payout.reversed"]
    assert moved["callbacks_sent"] == 3


def test_the_clock_only_runs_forward(house: House) -> None:
    house.post("/clock", {"to": "2026-03-05T00:00:00+07:00"})
    assert house.get("/clock")["now"] == "2026-03-04T17:00:00.000Z"
    back = house.sim.post("/sim/xendit/clock", json={"to": "2026-03-01T00:00:00+00:00"})
    assert back.json()["error_code"] == "TIME_RUNS_FORWARD"
    vague = house.sim.post("/sim/xendit/clock", json={"to": "2026-04-01T00:00:00"})
    assert vague.status_code == 400


def test_paused_callbacks_wait_until_resumed(house: House) -> None:
    house.post("/callbacks/pause")
    house.invoice()
    pay(house)
    assert house.ear.heard == []
    house.post("/callbacks/resume")
    assert house.ear.events() == ["PAID"]
