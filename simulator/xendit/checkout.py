"""The hosted checkout page as one HTML text: no script, no outside file, plain forms."""

from decimal import Decimal
from html import escape
from zoneinfo import ZoneInfo

from simulator.xendit.amounts import EXPONENTS
from simulator.xendit.channels import Channel, Method
from simulator.xendit.checkout_words import Words, spoken
from simulator.xendit.invoices import Invoice, InvoiceStatus, Payment
from simulator.xendit.settlement import ZONES
from simulator.xendit.wire import MERCHANT

_STYLE = """
:root { color-scheme: light dark; --line: #8886; --accent: #0a5bd3; }
* { box-sizing: border-box; }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 32rem; padding: 1rem; }
h1 { font-size: 1.1rem; margin: 0; } h2 { font-size: 1rem; margin: 1.25rem 0 .5rem; }
.sum { font-size: 2rem; font-weight: 700; margin: .25rem 0; overflow-wrap: anywhere; }
.note { border: 1px dashed var(--line); border-radius: .5rem; font-size: .875rem; padding: .5rem .75rem; }
.status { border-left: .25rem solid var(--accent); margin: 1rem 0; padding: .25rem .75rem; }
fieldset { border: 1px solid var(--line); border-radius: .5rem; margin: 0 0 .75rem; padding: .25rem .75rem; }
legend { font-weight: 600; padding: 0 .25rem; }
label.way { align-items: center; display: flex; gap: .75rem; min-height: 2.75rem; }
input[type=radio] { height: 1.25rem; width: 1.25rem; accent-color: var(--accent); }
button, select { border: 1px solid var(--line); border-radius: .5rem; font: inherit; min-height: 2.75rem;
  padding: .5rem 1rem; width: 100%; }
button { cursor: pointer; margin: .25rem 0; } button.main { background: var(--accent); color: #fff; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
dl { display: grid; gap: 0 1rem; grid-template-columns: auto 1fr; margin: .5rem 0; } dd { margin: 0; }
"""


def spell(minor: int, currency: str) -> str:
    """A sum as people there write it: Rp350.000, PHP 1,250.00."""
    digits = EXPONENTS[currency]
    text = f"{Decimal(minor).scaleb(-digits):,.{digits}f}"
    if currency in ("IDR", "VND"):
        text = text.replace(",", ".")
    return {"IDR": f"Rp{text}", "VND": f"{text} ₫"}.get(currency, f"{currency} {text}")


def page(invoice: Invoice, payments: tuple[Payment, ...]) -> str:
    """The page of an invoice, whatever state it is in."""
    words = spoken(invoice.order.locale)
    return f"""<!doctype html>
<html lang="{escape(invoice.order.locale[:2])}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>{escape(words.title)} · {escape(MERCHANT)}</title>
<style>{_STYLE}</style></head>
<body>
<p class="note">{escape(words.simulated)}</p>
<main>
{_head(invoice, words)}
{_news(invoice, payments, words)}
{_form(invoice, words)}
{_way_back(invoice, words)}
</main>
</body></html>"""


def _head(invoice: Invoice, words: Words) -> str:
    order = invoice.order
    ends = invoice.expires_at.astimezone(ZoneInfo(ZONES[order.currency]))
    description = f"<p>{escape(order.description)}</p>" if order.description else ""
    return f"""<h1>{escape(words.pay_to)} {escape(MERCHANT)}</h1>
<p class="sum">{escape(spell(order.amount, order.currency))}</p>
{description}
<dl><dt>Ref</dt><dd>{escape(order.external_id)}</dd>
<dt>{escape(words.pay_before)}</dt><dd>{ends:%Y-%m-%d %H:%M} (UTC{ends:%z})</dd></dl>"""


def _news(invoice: Invoice, payments: tuple[Payment, ...], words: Words) -> str:
    lines = [f"<strong>{escape(words.status[invoice.status])}</strong>"]
    lines += [
        f"{escape(words.received)}: {escape(spell(payment.amount, payment.currency))} · {escape(payment.channel.code)}"
        for payment in payments
    ]
    if invoice.is_open and invoice.failed_tries:
        failed = invoice.failed_tries[-1]
        reason = words.reasons.get(failed.reason, failed.reason)
        lines.append(f"{escape(words.failed)}: {escape(reason)} ({escape(failed.channel)})")
    return f'<p class="status" role="status">{"<br>".join(lines)}</p>'


def _form(invoice: Invoice, words: Words) -> str:
    button = {
        InvoiceStatus.PENDING: words.pay,
        InvoiceStatus.PAID: words.pay_again,
        InvoiceStatus.SETTLED: words.pay_again,
        InvoiceStatus.EXPIRED: words.pay_late,
    }[invoice.status]
    sum_of = spell(invoice.order.amount, invoice.order.currency)
    return f"""<form method="post" action="/checkout/{escape(invoice.id)}">
<h2>{escape(words.choose)}</h2>
{_ways(invoice.channels, words)}
<button class="main" name="deed" value="pay">{escape(button)} · {escape(sum_of)}</button>
{_trouble(words) if invoice.is_open else ""}
</form>"""


def _ways(channels: tuple[Channel, ...], words: Words) -> str:
    families: dict[Method, list[Channel]] = {}
    for channel in channels:
        families.setdefault(channel.method, []).append(channel)
    return "\n".join(
        f"<fieldset><legend>{escape(words.methods[method])}</legend>"
        + "".join(_way(channel, is_first=channel is channels[0]) for channel in family)
        + "</fieldset>"
        for method, family in families.items()
    )


def _way(channel: Channel, *, is_first: bool) -> str:
    checked = " checked" if is_first else ""
    code = escape(channel.code)
    radio = f'<input type="radio" name="channel" value="{code}" required{checked}>'
    return f'<label class="way">{radio}{code}</label>'


def _trouble(words: Words) -> str:
    options = "".join(
        f'<option value="{escape(code)}">{escape(reason)}</option>' for code, reason in words.reasons.items()
    )
    return f"""<h2><label for="reason">{escape(words.reason)}</label></h2>
<select id="reason" name="reason">{options}</select>
<button name="deed" value="fail">{escape(words.fail)}</button>
<button name="deed" value="expire">{escape(words.let_expire)}</button>"""


def _way_back(invoice: Invoice, words: Words) -> str:
    order = invoice.order
    is_paid = invoice.status in (InvoiceStatus.PAID, InvoiceStatus.SETTLED)
    url = order.success_redirect_url if is_paid else order.failure_redirect_url
    if url is None or invoice.is_open:
        return ""
    return f'<p><a href="{escape(url)}">{escape(words.back)}</a></p>'
