"""What is said about money, rendered: the link, the nudge, the receipt, and answers about a payment."""

from collections.abc import Mapping
from datetime import datetime

from bot.business.context import Context
from bot.domain.booking import Booking
from bot.domain.commands import Button, SendButtons, SendLink, SendText, Urgency
from bot.domain.lead import Lead
from bot.domain.outcome import EffectRequest
from bot.lifecycle import booking_money
from bot.replies import booking as words
from bot.replies import credit_words, first_words, notices, times, zones
from bot.replies import phone_bookings as phone
from bot.replies.words import say
from payments.domain.money import Money

NEW_LINK_TAP = "paynew:"
OTHER_WAY_TAP = "payother:"
"""Another link, or another way to pay, for a booking that waits for its money."""


def moment(lead: Lead, at: datetime | None, context: Context) -> str:
    """A deadline or a receipt's time: day and time, with the zone where it can be mistaken."""
    if at is None:
        return ""
    return f"{times.short_moment(at, context.business.zone, lead.language)}{zones.note(lead, at, context)}"


def _facts(lead: Lead, booking: Booking, context: Context, amount: Money | None = None) -> dict[str, str]:
    left = amount if amount is not None else booking_money.rest(booking)
    return words.facts(lead, booking, context) | {
        "amount": "" if left is None else times.money(left, lead.language),
        "paid": "" if booking.paid is None else times.money(booking.paid, lead.language),
        "until": moment(lead, booking.pay_by, context),
        "url": booking.pay_url or "",
    }


def link(lead: Lead, key: str, booking: Booking, context: Context, amount: Money | None = None) -> EffectRequest:
    """A text with the payment link on its button; no longer true after `pay_by`."""
    known = _facts(lead, booking, context, amount)
    outside = phone.outside(lead, booking, key, known, context, suffix(booking.account, booking.pay_url))
    by_credit = booking_money.set_aside(booking) if key == "payment.link.first" else None
    note = "" if by_credit is None else f"\n\n{credit_words.pays(lead, by_credit, booking_money.rest(booking))}"
    said = say(key, lead.language, **known) + note
    order = SendLink(said, say("payment.button.pay", lead.language), booking.pay_url or "", outside)
    asked = EffectRequest(order, urgency=Urgency.MONEY, is_fact=True, not_after=booking.pay_by)
    return phone.as_agreed(lead, booking, asked) if key in phone.FIRST else asked


def suffix(account: str, url: str | None) -> str:
    """What a template's link button carries: the money's account and the end of the link, which nobody can guess."""
    end = (url or "").rstrip("/").rpartition("/")[2]
    return f"{account}.{end}" if end else ""


def pay_help(lead: Lead, booking: Booking, context: Context) -> EffectRequest:
    """Where the payment stands, with the other ways to go on."""
    if booking.pay_url is None:
        return text_message(lead, "payment.link_coming", reference=str(booking.reference))
    return _with_ways(lead, "payment.help", booking, context)


def refused(lead: Lead, booking: Booking, context: Context) -> EffectRequest:
    """The customer says that their card was refused: what has come in as far as we know, and the other ways."""
    if booking.pay_url is None:
        return text_message(lead, "payment.link_coming", reference=str(booking.reference))
    is_part = booking.paid is not None and booking.paid.amount > 0
    return _with_ways(lead, "payment.refused_part" if is_part else "payment.refused", booking, context)


def failed(lead: Lead, booking: Booking, context: Context, *, again: bool) -> EffectRequest:
    """A payment did not go through: what can be done about it, on the message itself; after the last try a person
    is called, and the same link is not tried once more."""
    reference = str(booking.reference)
    ways = (
        *((Button(f"{NEW_LINK_TAP}{reference}", say("payment.button.try_again", lead.language)),) if again else ()),
        Button(f"{OTHER_WAY_TAP}{reference}", say("payment.button.another_way", lead.language)),
        Button(f"{words.CANCEL_TAP}{reference}", say("payment.button.cancel", lead.language)),
    )
    key = "payment.failed" if again else "payment.failed_for_good"
    return failed_with(lead, key, _facts(lead, booking, context), ways, booking.pay_by)


def failed_with(
    lead: Lead, key: str, known: Mapping[str, str], ways: tuple[Button, ...], pay_by: datetime | None
) -> EffectRequest:
    """That a payment did not go through, with its buttons; no longer true after `pay_by`."""
    order = SendButtons(
        say(key, lead.language, **known), ways, notices.outside(key, lead.language, known, buttons=ways)
    )
    return EffectRequest(order, urgency=Urgency.MONEY, is_fact=True, not_after=pay_by)


def unpaid_first(lead: Lead, booking: Booking, context: Context) -> EffectRequest:
    """Why no second booking is begun."""
    return _with_ways(lead, "payment.unpaid_first", booking, context)


def _with_ways(lead: Lead, key: str, booking: Booking, context: Context) -> EffectRequest:
    buttons = (
        Button(f"{NEW_LINK_TAP}{booking.reference}", say("payment.button.new_link", lead.language)),
        Button(f"{OTHER_WAY_TAP}{booking.reference}", say("payment.button.other_way", lead.language)),
        Button(first_words.PERSON, say("talk.button.person", lead.language)),
    )
    return EffectRequest(SendButtons(say(key, lead.language, **_facts(lead, booking, context)), buttons))


def receipt(lead: Lead, booking: Booking, paid_at: datetime | None, context: Context) -> EffectRequest:
    """Paid and confirmed, with all that was booked and what came in."""
    known = _facts(lead, booking, context, booking.paid)
    by_credit = booking_money.set_aside(booking)
    note = "" if by_credit is None else f"\n{credit_words.paid(lead, by_credit)}"
    body = say(
        "payment.receipt",
        lead.language,
        paid_at=("" if paid_at is None else f", {moment(lead, paid_at, context)}") + note,
        expect=words.expectation(lead, booking, context) + words.meeting(lead, booking, context),
        **known,
    )
    link = words.meeting_link(booking, context)
    outside = notices.outside(notices.told_with(link, "payment.receipt"), lead.language, known | {"link": link})
    return EffectRequest(SendText(body, outside), urgency=Urgency.MONEY, is_fact=True)


def text_message(lead: Lead, key: str, **fields: str) -> EffectRequest:
    """A text about money that needs no booking at hand."""
    outside = notices.outside(key, lead.language, fields)
    return EffectRequest(SendText(say(key, lead.language, **fields), outside), urgency=Urgency.MONEY, is_fact=True)


def payment_notice(lead: Lead, key: str, booking: Booking, context: Context) -> EffectRequest:
    """A text about a booking's money."""
    known = _facts(lead, booking, context)
    order = SendText(say(key, lead.language, **known), notices.outside(key, lead.language, known))
    return EffectRequest(order, urgency=Urgency.MONEY, is_fact=True)


def notice(lead: Lead, key: str, **fields: str) -> tuple[EffectRequest, ...]:
    """What is said outside the window only, as the template that stands for those words."""
    order = notices.outside(key, lead.language, fields)
    return () if order is None else (EffectRequest(order, urgency=Urgency.MONEY, is_fact=True),)
