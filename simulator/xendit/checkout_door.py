"""The door of the hosted checkout page: look, pay, fail, let expire; anybody with the link may."""

from collections.abc import Awaitable, Callable

from quart import Blueprint, Response, request

from simulator.xendit import checkout
from simulator.xendit.channels import find
from simulator.xendit.engine import Engine
from simulator.xendit.errors import Refused
from simulator.xendit.invoices import Invoice


def add_checkout(doors: Blueprint, engine: Engine) -> None:
    """Mounts /checkout/<invoice id>."""
    doors.add_url_rule("/checkout/<name>", endpoint="checkout", view_func=_view(engine), methods=["GET", "POST"])


def _view(engine: Engine) -> Callable[..., Awaitable[Response]]:
    async def view(name: str) -> Response:
        engine.now()
        try:
            invoice = engine.account.payins.find(name)
            if request.method == "POST":
                return await _act(engine, invoice)
        except Refused as refused:
            return Response(refused.message, refused.status, content_type="text/plain; charset=utf-8")
        payments = tuple(engine.account.payins.payments[payment_id] for payment_id in invoice.payments)
        return Response(checkout.page(invoice, payments), content_type="text/html; charset=utf-8")

    return view


async def _act(engine: Engine, invoice: Invoice) -> Response:
    form = await request.form
    deed, now, payins = form.get("deed", "pay"), engine.now(), engine.account.payins
    if deed == "expire":
        payins.expire(invoice.id, now)
    elif deed == "fail":
        payins.fail(invoice.id, form.get("channel", ""), form.get("reason", "DECLINED"), now)
    else:
        channel = find(form.get("channel", ""), invoice.order.currency)
        if channel not in invoice.channels or channel is None:
            raise Refused(400, "CHANNEL_CODE_NOT_SUPPORTED", "This invoice has no such channel")
        payins.pay(invoice.id, channel, invoice.order.amount, now)
    engine.relay.wake()
    # See Other: a reload of the page must not pay again.
    return Response("", 303, headers={"Location": f"/checkout/{invoice.id}"})
