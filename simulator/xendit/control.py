"""The control door /sim/xendit: play the customer, the bank, the clock and bad luck."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from typing import cast

from quart import Blueprint, Response, request

from simulator.xendit import orders, reports, wire
from simulator.xendit.amounts import from_units
from simulator.xendit.channels import find
from simulator.xendit.clock import TimeRunsForward
from simulator.xendit.engine import Engine
from simulator.xendit.errors import Refused, bad, not_found
from simulator.xendit.transactions import Transaction

Shown = Mapping[str, object] | list[dict[str, object]]
Deed = Callable[[Engine, bytes, str], Awaitable[Shown]]


async def show(engine: Engine, raw: bytes, name: str) -> Shown:
    """Where things stand: the moment, habits, what waits."""
    del raw, name
    account = engine.account
    return {
        "now": wire.moment(engine.now()),
        "habits": _plain(asdict(engine.habits)),
        "invoices": len(account.payins.invoices),
        "payouts": len(account.payouts.payouts),
        "refunds": len(account.refunds.refunds),
        "callbacks": len(engine.relay.deliveries),
        "faults": len(engine.faults.waiting()),
    }


async def show_clock(engine: Engine, raw: bytes, name: str) -> Shown:
    """The simulated moment."""
    del raw, name
    return {"now": wire.moment(engine.now())}


async def move_clock(engine: Engine, raw: bytes, name: str) -> Shown:
    """Moves time on; answers when everything that fell due has happened and been sent."""
    del name
    engine.now()
    try:
        engine.clock.move_to(orders.read_moment(raw, engine.clock.now()))
    except TimeRunsForward:
        raise bad("TIME_RUNS_FORWARD", TimeRunsForward.__doc__ or "") from None
    tries = await engine.pump()
    return {"now": wire.moment(engine.now()), "callbacks_sent": tries}


async def pay(engine: Engine, raw: bytes, name: str) -> Shown:
    """The customer pays: any invoice in any state, any amount, any channel of any currency."""
    del name
    order = orders.read_pay(raw)
    now = engine.now()
    invoice = engine.account.payins.named(order.invoice)
    currency = order.currency or invoice.order.currency
    channel = find(order.channel, currency)
    if channel is None:
        raise bad("CHANNEL_CODE_NOT_SUPPORTED", f"{order.channel} is not a channel for {currency}")
    amount = invoice.order.amount if order.units is None else from_units(order.units, currency)
    payment = engine.account.payins.pay(invoice.id, channel, amount, now)
    if order.waits:
        await engine.pump()
    engine.relay.wake()
    shown = reports.invoice(engine.account.payins.find(invoice.id), engine.account)
    return {"payment_id": payment.id, "invoice": shown}


async def fail(engine: Engine, raw: bytes, name: str) -> Shown:
    """A try fails: the page knows, the merchant never hears."""
    del name
    order = orders.read_fail(raw)
    now = engine.now()
    invoice = engine.account.payins.named(order.invoice)
    failed = engine.account.payins.fail(invoice.id, order.channel, order.reason, now)
    return reports.invoice(failed, engine.account)


async def expire(engine: Engine, raw: bytes, name: str) -> Shown:
    """The invoice's time is over, now."""
    del name
    now = engine.now()
    invoice = engine.account.payins.named(orders.read_name(raw, "invoice"))
    ended = engine.account.payins.expire(invoice.id, now)
    engine.relay.wake()
    return reports.invoice(ended, engine.account)


async def list_invoices(engine: Engine, raw: bytes, name: str) -> Shown:
    """All invoices, oldest first; `?external_id=` for one's."""
    del raw, name
    engine.now()
    wanted = request.args.get("external_id")
    return [
        reports.invoice(invoice, engine.account)
        for invoice in engine.account.payins.invoices.values()
        if wanted in (None, invoice.order.external_id)
    ]


async def list_payouts(engine: Engine, raw: bytes, name: str) -> Shown:
    """All payouts, oldest first, with their idempotency keys."""
    del raw, name
    engine.now()
    business_id = engine.account.vault.business_id
    return [
        wire.payout(payout, business_id) | {"idempotency_key": payout.key, "is_funded": payout.is_funded}
        for payout in engine.account.payouts.payouts.values()
    ]


async def reverse_payout(engine: Engine, raw: bytes, name: str) -> Shown:
    """The bank sends a succeeded payout back."""
    del raw
    reversed_payout = engine.account.payouts.reverse(name, engine.now())
    engine.relay.wake()
    return wire.payout(reversed_payout, engine.account.vault.business_id)


async def list_refunds(engine: Engine, raw: bytes, name: str) -> Shown:
    """All refunds, oldest first."""
    del raw, name
    engine.now()
    return [wire.refund(refund) for refund in engine.account.refunds.refunds.values()]


async def list_transactions(engine: Engine, raw: bytes, name: str) -> Shown:
    """The whole statement, oldest first."""
    del raw, name
    engine.now()
    vault = engine.account.vault
    return [wire.transaction(row, vault.business_id) for row in vault.transactions.values()]


async def show_books(engine: Engine, raw: bytes, name: str) -> Shown:
    """The simulator's own books, to hold another ledger against."""
    del raw, name
    engine.now()
    return reports.books(engine.account)


async def top_up(engine: Engine, raw: bytes, name: str) -> Shown:
    """The owner's own money goes into the balance."""
    del name
    order = orders.read_movement(raw, engine.account.vault.currency)
    return _moved(engine, engine.account.beside.top_up(order.amount, order.currency, engine.now()))


async def withdraw(engine: Engine, raw: bytes, name: str) -> Shown:
    """The owner takes money out."""
    del name
    order = orders.read_movement(raw, engine.account.vault.currency)
    return _moved(engine, engine.account.beside.withdraw(order.amount, order.currency, engine.now(), order.fee))


async def adjust(engine: Engine, raw: bytes, name: str) -> Shown:
    """Xendit corrects the balance, in our favour or (`deduct`) not."""
    del name
    order = orders.read_movement(raw, engine.account.vault.currency)
    signed = -order.amount if order.is_deduction else order.amount
    return _moved(engine, engine.account.beside.adjust(signed, order.currency, engine.now()))


async def charge_back(engine: Engine, raw: bytes, name: str) -> Shown:
    """The customer's bank takes a payment back, or a part of it."""
    del name
    now = engine.now()
    order = orders.read_chargeback(raw)
    payments = engine.account.payins.payments
    currency = payments[order.payment].currency if order.payment in payments else engine.account.vault.currency
    amount = None if order.units is None else from_units(order.units, currency)
    return _moved(
        engine, engine.account.beside.charge_back(order.payment, amount, from_units(order.fee, currency), now)
    )


async def decide_chargeback(engine: Engine, raw: bytes, name: str) -> Shown:
    """The bank's last word."""
    return _moved(engine, engine.account.beside.decide(name, orders.read_decision(raw), engine.now()))


def _moved(engine: Engine, row: Transaction) -> Shown:
    return wire.transaction(row, engine.account.vault.business_id)


async def order_failures(engine: Engine, raw: bytes, name: str) -> Shown:
    """The next payouts and refunds fail with these codes, one each, in order."""
    del name
    of_payouts, of_refunds = orders.read_failures(raw)
    engine.account.payouts.next_failures.extend(of_payouts)
    engine.account.refunds.next_failures.extend(of_refunds)
    return {
        "payouts": engine.account.payouts.next_failures,
        "refunds": engine.account.refunds.next_failures,
    }


async def change_habits(engine: Engine, raw: bytes, name: str) -> Shown:
    """Changes how the outside world behaves."""
    del name
    engine.change_habits(orders.read_habits(raw, engine.habits))
    return _plain(asdict(engine.habits))


async def order_fault(engine: Engine, raw: bytes, name: str) -> Shown:
    """Orders trouble for coming calls or callbacks."""
    del name
    engine.faults.add(orders.read_fault(raw))
    return [asdict(fault) for fault in engine.faults.waiting()]


async def list_faults(engine: Engine, raw: bytes, name: str) -> Shown:
    """The trouble that has not struck yet."""
    del raw, name
    return [asdict(fault) for fault in engine.faults.waiting()]


async def clear_faults(engine: Engine, raw: bytes, name: str) -> Shown:
    """No more trouble."""
    del raw, name
    engine.faults.clear()
    return []


async def list_callbacks(engine: Engine, raw: bytes, name: str) -> Shown:
    """Every callback: state, tries, body."""
    del raw, name
    engine.now()
    return [reports.delivery(delivery) for delivery in engine.relay.deliveries.values()]


async def resend_callback(engine: Engine, raw: bytes, name: str) -> Shown:
    """The dashboard's resend button; the webhook-id stays."""
    del raw
    if name not in engine.relay.deliveries:
        raise not_found("the callback")
    return reports.delivery(await engine.relay.resend(name))


async def pump(engine: Engine, raw: bytes, name: str) -> Shown:
    """Sends what is due by now and answers when that is done."""
    del raw, name
    return {"callbacks_sent": await engine.pump()}


async def pause(engine: Engine, raw: bytes, name: str) -> Shown:
    """Holds all callbacks back until resumed."""
    del raw, name
    engine.relay.is_paused = True
    return {"paused": True}


async def resume(engine: Engine, raw: bytes, name: str) -> Shown:
    """Lets callbacks go again; they go at once."""
    del raw, name
    engine.relay.is_paused = False
    return {"paused": False, "callbacks_sent": await engine.pump()}


async def list_calls(engine: Engine, raw: bytes, name: str) -> Shown:
    """The journal of API calls, oldest first; `?call=` for one kind."""
    del raw, name
    wanted = request.args.get("call")
    return [reports.call(call) for call in engine.journal.calls if wanted in (None, call.call)]


async def reset(engine: Engine, raw: bytes, name: str) -> Shown:
    """Forgets everything."""
    del raw, name
    await engine.reset()
    return {"now": wire.moment(engine.now())}


_ROUTES: tuple[tuple[str, str, Deed], ...] = (
    ("GET", "", show),
    ("GET", "/clock", show_clock),
    ("POST", "/clock", move_clock),
    ("POST", "/pay", pay),
    ("POST", "/fail", fail),
    ("POST", "/expire", expire),
    ("GET", "/invoices", list_invoices),
    ("GET", "/payouts", list_payouts),
    ("POST", "/payouts/<name>/reverse", reverse_payout),
    ("GET", "/refunds", list_refunds),
    ("GET", "/transactions", list_transactions),
    ("GET", "/books", show_books),
    ("POST", "/topup", top_up),
    ("POST", "/withdraw", withdraw),
    ("POST", "/adjust", adjust),
    ("POST", "/chargebacks", charge_back),
    ("POST", "/chargebacks/<name>/decide", decide_chargeback),
    ("POST", "/failures", order_failures),
    ("POST", "/habits", change_habits),
    ("POST", "/faults", order_fault),
    ("GET", "/faults", list_faults),
    ("DELETE", "/faults", clear_faults),
    ("GET", "/callbacks", list_callbacks),
    ("POST", "/callbacks/<name>/resend", resend_callback),
    ("POST", "/callbacks/pump", pump),
    ("POST", "/callbacks/pause", pause),
    ("POST", "/callbacks/resume", resume),
    ("GET", "/calls", list_calls),
    ("POST", "/reset", reset),
)


def add_control(doors: Blueprint, engine: Engine) -> None:
    """Mounts the control door."""
    for method, path, deed in _ROUTES:
        doors.add_url_rule(
            f"/sim/xendit{path}",
            endpoint=f"control_{deed.__name__}",
            view_func=_view(engine, deed),
            methods=[method],
        )


def _view(engine: Engine, deed: Deed) -> Callable[..., Awaitable[Response]]:
    async def view(name: str = "") -> Response:
        try:
            shown = await deed(engine, cast("bytes", await request.get_data()), name)
        except Refused as refused:
            return _json(wire.refusal(refused), refused.status)
        return _json(shown, 200)

    return view


def _json(value: Shown, status: int) -> Response:
    return Response(json.dumps(value), status, content_type="application/json")


def _plain(habits: dict[str, object]) -> dict[str, object]:
    """Spans as seconds."""
    return {name: value.total_seconds() if hasattr(value, "total_seconds") else value for name, value in habits.items()}
