"""What is said about a change of a booking, rendered: the quote before the yes, and what became of it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.business.context import Context
from bot.domain.booking import Booking
from bot.domain.change import Arrangement, Change, ChangeKind, ChangeQuote, ChangeWish, RefundWay
from bot.domain.commands import Button, SendButtons, SendFlow, SendLink, SendList, SendTemplate, SendText, Urgency
from bot.domain.known_answers import KnownAnswers
from bot.domain.lead import Lead
from bot.domain.offers import Fit, ProviderWish
from bot.domain.outcome import EffectRequest
from bot.domain.policy_sentence import PolicyClause, PolicySentence
from bot.lifecycle.quotes import NoChange
from bot.replies import booking as booking_words
from bot.replies import notices, rebooking, times
from bot.replies import payment as money_words
from bot.replies.words import say
from payments.domain.money import Money, zero

YES_TAP: Final = "chgyes:"
KEEP_TAP: Final = "chgno:"
SLOT_TAP: Final = "chgslot:"
TIME_TAP: Final = "blktime:"
BACK_TAP: Final = "blkback:"
"""Another time, or the money, where a booking cannot take place because of us."""
PAY_TAP: Final = "chgpay:"
"""Another link, or another way to pay, for the difference of a change."""
SAME_WAY: Final = "again"
OTHER_WAY: Final = "other"


def tap(prefix: str, booking: Booking, change: Change, what: str = "") -> str:
    """A tap that names its booking, its change and, behind them, a quote's number or a time."""
    return f"{prefix}{booking.reference}:{change.id}:{what}"


def read_tap(tapped: str | None) -> tuple[str, str, str, str] | None:
    """Prefix, booking, change and what stands behind them; none when it is no tap about a change."""
    for prefix in (YES_TAP, KEEP_TAP, SLOT_TAP, TIME_TAP, BACK_TAP, PAY_TAP):
        if tapped is not None and tapped.startswith(prefix):
            reference, _, rest = tapped.removeprefix(prefix).partition(":")
            change, _, what = rest.partition(":")
            return prefix, reference, change, what
    return None


# The quote ----------------------------------------------------------------------------------------------------------


def quote(lead: Lead, booking: Booking, change: Change, context: Context, prefix: str = "") -> EffectRequest:
    """The sum, the way it comes back, why, and until when it holds; then the explicit question."""
    given = change.quote
    assert given is not None
    is_cancel = change.kind is ChangeKind.CANCEL
    head = (
        say("change.cancel.question", lead.language, **booking_words.facts(lead, booking, context))
        if is_cancel
        else _change_head(lead, booking, change, context)
    )
    body = " ".join(filter(None, [prefix, head])) + "\n" + " ".join(_terms(lead, booking, change, given, context))
    yes = "change.button.yes_cancel" if is_cancel else "change.button.yes_change"
    number = str(given.number)
    buttons = (
        Button(tap(YES_TAP, booking, change, number), say(yes, lead.language)),
        Button(tap(KEEP_TAP, booking, change, number), say("change.button.keep", lead.language)),
    )
    arrangement = change.before if is_cancel or change.after is None else change.after
    assert arrangement is not None
    # outside the window only what decides is said: the sum, or why there is none
    terms = money_sentence(lead, given, is_cancel=is_cancel) or policy_sentence(lead, given.policy, context)
    known = _facts_of(lead, booking, change, arrangement, context) | {
        "terms": terms,
        "until": money_words.moment(lead, given.valid_until, context),
    }
    key = "change.cancel.question" if is_cancel else "change.question"
    outside = notices.outside(key, lead.language, known, buttons=buttons)
    return EffectRequest(SendButtons(body, buttons, outside), not_after=given.valid_until)


def _change_head(lead: Lead, booking: Booking, change: Change, context: Context) -> str:
    assert change.after is not None
    after = _facts_of(lead, booking, change, change.after, context)
    return say(
        "change.question",
        lead.language,
        **after
        | {"price": ("" if change.quote is None else booking_words.price_in_words(lead, change.quote.price_after))},
    )


def _terms(lead: Lead, booking: Booking, change: Change, given: ChangeQuote, context: Context) -> Sequence[str]:
    """Money, policy and deadline, each a sentence; a reason is asked for once and never required."""
    language, is_cancel = lead.language, change.kind is ChangeKind.CANCEL
    # somebody has to say yes to the new time first, as to the old one
    is_asked = booking.awaiting and given.to_pay and not given.paid
    money = say("acceptance.pay_after_yes", language) if is_asked else money_sentence(lead, given, is_cancel=is_cancel)
    said = [money, policy_sentence(lead, given.policy, context)]
    until = times.clock(given.valid_until, context.business.zone, language)
    said.append(say("change.valid_until", language, until=until))
    if is_cancel and not change.reason and not change.asked:
        said.append(say("change.ask.why", language))
    return [sentence for sentence in said if sentence]


def money_sentence(lead: Lead, given: ChangeQuote, *, is_cancel: bool) -> str:
    """What is to pay or comes back, and which way."""
    language = lead.language
    if given.to_pay:
        key = "change.money.pay_with_fee" if given.fee else "change.money.pay"
        fee = {"fee": times.money(given.fee, language)} if given.fee else {}
        return say(key, language, amount=times.money(given.to_pay, language), **fee)
    if given.to_refund:
        way = "change.way.instrument" if given.by_way is RefundWay.INSTRUMENT else "change.way.account"
        back = given.to_refund if given.to_credit is None else given.to_refund - given.to_credit
        amounts = (times.money(one, language) for one in (back, given.to_credit) if one is not None)
        said = [say("change.money.refund", language, amount=next(amounts), way=say(way, language))]
        if given.to_credit is not None:
            said.append(say("change.money.to_credit", language, amount=next(amounts)))
        return " ".join(said if back else said[1:])
    if given.fee:
        return say("change.money.fee_from_difference", language, fee=times.money(given.fee, language))
    if is_cancel:
        if not given.paid:
            return ""
        return say("change.money.refund_none", language, paid=times.money(given.paid, language))
    return say("change.money.same", language)


_CLAUSES: Final = {
    PolicyClause.REFUND_ALL: "change.policy.refund_all",
    PolicyClause.REFUND_PERCENT: "change.policy.refund_percent",
    PolicyClause.KEEP_AMOUNT: "change.policy.keep_amount",
    PolicyClause.REFUND_NONE: "change.policy.refund_none",
    PolicyClause.NOTHING_PAID: "change.policy.nothing_paid",
    PolicyClause.CHANGE_FEE: "change.policy.change_fee",
    PolicyClause.NOT_THEIR_FAULT: "change.policy.not_their_fault",
    PolicyClause.DECIDED_BY_STAFF: "change.policy.decided_by_staff",
}


def policy_sentence(lead: Lead, clause: PolicySentence, context: Context) -> str:
    """Why: the policy's clause with its facts; nothing where a change is simply free."""
    language = lead.language
    if clause.clause is PolicyClause.CHANGE_FREE:
        return ""
    until = "" if clause.until is None else times.short_moment(clause.until, context.business.zone, language)
    if clause.clause is PolicyClause.KEEP_NIGHTS:
        return say("change.policy.keep_nights", language, count=clause.nights or 1, until=until)
    facts = {
        "percent": str(clause.percent),
        "amount": "" if clause.amount is None else times.money(clause.amount, language),
        "until": until,
    }
    return say(_CLAUSES[clause.clause], language, **facts)


def _facts_of(
    lead: Lead, booking: Booking, change: Change, arrangement: Arrangement, context: Context
) -> dict[str, str]:
    slot, who = arrangement.slot, change.wish.whom(booking.who)
    if change.kind is ChangeKind.PROVIDER and slot.provider and not context.business.is_dispatched(arrangement.service):
        # nothing else is different
        who = ProviderWish((slot.provider,))
    seen = replace(booking, service=arrangement.service, chosen=slot, guests=arrangement.guests, who=who)
    known = booking_words.facts(lead, replace(seen, nights=slot.nights), context)
    return known | {"hours": known["hours"] + booking_words.as_wished(lead, seen, context)}


# The new time -------------------------------------------------------------------------------------------------------


def which_day(lead: Lead, booking: Booking, change: Change, context: Context) -> EffectRequest:
    """Which day and time instead; the old one is theirs until then."""
    known = booking_words.facts(lead, booking, context)
    keep = Button(tap(KEEP_TAP, booking, change), say("change.button.keep", lead.language))
    outside = notices.outside("change.ask.when", lead.language, known, buttons=(keep,))
    return EffectRequest(SendText(say("change.ask.when", lead.language, **known), outside))


def offers(lead: Lead, booking: Booking, change: Change, fit: Fit, context: Context, prefix: str = "") -> EffectRequest:
    """The times found for the change; tapping one shows its price."""
    service_id = change.wish.service or booking.service or ""
    service = context.business.service(service_id)
    assert service is not None
    seen = replace(
        booking,
        service=service_id,
        offered=change.offered,
        who=change.wish.whom(booking.who),
        guests=change.wish.guests or booking.guests,
        nights=change.wish.nights or booking.nights,
    )
    kept = say("change.old_time_kept", lead.language)
    said = booking_words.proposal(lead, seen, service, fit, context, " ".join(filter(None, [prefix, kept])))
    return _renamed(said, booking, change)


def _renamed(said: EffectRequest, booking: Booking, change: Change) -> EffectRequest:
    """The same offers with taps that name the change: an old button never chooses for another one."""

    def named(button: Button) -> Button:
        slot_id = button.id.removeprefix(booking_words.SLOT_TAP)
        return replace(button, id=tap(SLOT_TAP, booking, change, slot_id))

    match said.command:
        case SendButtons(buttons=buttons):
            return replace(said, command=replace(said.command, buttons=tuple(map(named, buttons))))
        case SendList(rows=rows):
            return replace(said, command=replace(said.command, rows=tuple(map(named, rows))))
        case _:
            return said


def with_keep(lead: Lead, key: str, booking: Booking, change: Change, context: Context, **more: str) -> EffectRequest:
    """A text about an open change, with the button that leaves the booking as it is."""
    known = booking_words.facts(lead, booking, context) | more
    number = str(0 if change.quote is None else change.quote.number)
    keep = Button(tap(KEEP_TAP, booking, change, number), say("change.button.keep", lead.language))
    return EffectRequest(SendButtons(say(key, lead.language, **known), (keep,)))


# What became of it --------------------------------------------------------------------------------------------------


def told(lead: Lead, key: str, booking: Booking, context: Context, **more: str) -> EffectRequest:
    """A fact about a booking and its change; outside the window the template that stands for it."""
    known = booking_words.facts(lead, booking, context) | more
    order = SendText(say(key, lead.language, **known), notices.outside(key, lead.language, known))
    return EffectRequest(order, urgency=Urgency.MONEY, is_fact=True)


def cancelled(lead: Lead, booking: Booking, given: ChangeQuote | None, context: Context) -> EffectRequest:
    """Cancelled, what comes back and which way, and the offer of another time later."""
    known = booking_words.facts(lead, booking, context)
    said = [say("change.cancelled", lead.language, **known)]
    if given is not None and given.paid:
        said.append(money_sentence(lead, given, is_cancel=True))
    return _ended(lead, booking, said, None, context)


def cancelled_by_us(lead: Lead, booking: Booking, given: ChangeQuote, context: Context) -> EffectRequest:
    """Sorry, cancelled by us, and what comes back; outside the window as a template."""
    key = "change.cancelled_by_us" if given.apology else "change.cancelled_for_them"
    known = booking_words.facts(lead, booking, context)
    said = [say(key, lead.language, **known)]
    if given.paid:
        said.append(money_sentence(lead, given, is_cancel=True))
    return _ended(lead, booking, said, notices.outside("booking.staff_cancelled", lead.language, known), context)


def _ended(
    lead: Lead, booking: Booking, said: list[str], outside: SendTemplate | None, context: Context
) -> EffectRequest:
    """That it is over, with the offer to book again where the house makes one."""
    order: SendText | SendButtons = SendText(" ".join(said), outside)
    if rebooking.is_offered(lead, context):
        asked = " ".join([*said, say("change.rebook", lead.language)])
        order = SendButtons(asked, (rebooking.again_of(lead, booking),), outside)
    return EffectRequest(order, urgency=Urgency.MONEY, is_fact=True)


def applied(lead: Lead, booking: Booking, change: Change, context: Context) -> EffectRequest:
    """What the booking is now, and what of its money comes back."""
    given = change.quote
    by_us = given is not None and given.apology
    key = "change.applied_by_us" if by_us else "change.applied"
    known = booking_words.facts(lead, booking, context)
    known["hours"] += booking_words.as_wished(lead, booking, context)
    said = [say(key, lead.language, **known)]
    if given is not None and given.to_refund:
        said.append(money_sentence(lead, given, is_cancel=False))
    order = SendText(" ".join(said), notices.outside(key, lead.language, known))
    return EffectRequest(order, urgency=Urgency.MONEY, is_fact=True)


def link(lead: Lead, booking: Booking, change: Change, context: Context) -> EffectRequest:
    """The link for the difference; the old time is safe until it is paid, and after."""
    known = booking_words.facts(lead, booking, context) | {
        "amount": times.money(_rest(booking, change), lead.language),
        "until": money_words.moment(lead, change.pay_by, context),
    }
    order = SendLink(
        say("change.link", lead.language, **known),
        say("payment.button.pay", lead.language),
        change.pay_url or "",
        notices.outside(
            "change.link",
            lead.language,
            known,
            money_words.suffix(f"{booking.reference}~{change.id}", change.pay_url),
        ),
    )
    return EffectRequest(order, urgency=Urgency.MONEY, is_fact=True, not_after=change.pay_by)


def not_gone_through(lead: Lead, booking: Booking, change: Change, context: Context, *, again: bool) -> EffectRequest:
    """The payment of a difference did not go through: the old time is safe, and what can be done is on the message."""
    key = "change.payment_failed" if again else "change.payment_failed_for_good"
    known, ways = _paying(lead, booking, change, context)
    return money_words.failed_with(lead, key, known, ways if again else ways[1:], change.pay_by)


def refused(lead: Lead, booking: Booking, change: Change, context: Context) -> EffectRequest:
    """The customer says that their card was refused while the link for the difference lives."""
    known, ways = _paying(lead, booking, change, context)
    return EffectRequest(SendButtons(say("change.refused", lead.language, **known), ways), not_after=change.pay_by)


def _paying(
    lead: Lead, booking: Booking, change: Change, context: Context
) -> tuple[dict[str, str], tuple[Button, ...]]:
    """What is still to be paid for a change, and what can be done: try again, another way, keep the old time."""
    assert change.quote is not None
    known = booking_words.facts(lead, booking, context) | {
        "amount": times.money(_rest(booking, change), lead.language),
        "until": money_words.moment(lead, change.pay_by, context),
        "url": change.pay_url or "",
    }
    number = str(change.quote.number)
    return known, (
        Button(tap(PAY_TAP, booking, change, SAME_WAY), say("payment.button.try_again", lead.language)),
        Button(tap(PAY_TAP, booking, change, OTHER_WAY), say("payment.button.another_way", lead.language)),
        Button(tap(KEEP_TAP, booking, change, number), say("change.button.keep", lead.language)),
    )


def _rest(booking: Booking, change: Change) -> Money:
    """What of its difference has not come in yet."""
    assert change.quote is not None
    due = change.quote.to_pay
    sums = (account.captured for account in booking.accounts if account.purpose == change.id)
    came = next((one for one in sums if one is not None and one.currency == due.currency), zero(due.currency))
    # what is paid up is not said to be owed below nothing
    return max(due - came, zero(due.currency))


def part_back(lead: Lead, booking: Booking, amount: Money, context: Context) -> EffectRequest:
    """A part was paid for a change that has ended without being done."""
    said = booking_words.facts(lead, booking, context) | {"amount": times.money(amount, lead.language)}
    outside = notices.outside("change.money_back", lead.language, said)
    order = SendText(say("change.part_back", lead.language, **said), outside)
    return EffectRequest(order, urgency=Urgency.MONEY, is_fact=True)


def money_back(lead: Lead, booking: Booking, amount: Money, context: Context) -> EffectRequest:
    """Money for a change that is over goes back."""
    return told(lead, "change.money_back", booking, context, amount=times.money(amount, lead.language))


def closed(lead: Lead) -> EffectRequest:
    """It is over, so nothing of it can be changed."""
    return booking_words.text_message(lead, "change.denied.closed")


def finish_first(lead: Lead) -> EffectRequest:
    """One change after another."""
    return booking_words.text_message(lead, "change.finish_first")


def form_invitation(lead: Lead, flow_id: str, purpose: str, booking: Booking, context: Context) -> EffectRequest:
    """The form that moves or cancels a booking, behind a button; who rather writes is understood as well."""
    known = booking_words.facts(lead, booking, context)
    key = "change.cancel.question" if purpose == "cancel" else "change.ask.when"
    place = None if booking.chosen is None else booking.chosen.place or booking.place
    wish = ChangeWish() if booking.change is None else booking.change.wish
    order = SendFlow(
        say(key, lead.language, **known),
        say("form.button.open", lead.language),
        flow_id,
        str(lead.language),
        place,
        purpose,
        str(booking.reference),
        known=KnownAnswers.of("", wish.when, None, wish.whom(booking.who)),
    )
    return EffectRequest(order)


def question_of(lead: Lead, booking: Booking, change: Change, context: Context) -> str:
    """What is asked: to cancel it, or to change it to that."""
    if change.kind is ChangeKind.CANCEL:
        return say("change.cancel.question", lead.language, **booking_words.facts(lead, booking, context))
    return _change_head(lead, booking, change, context)


def terms_of(lead: Lead, booking: Booking, change: Change, given: ChangeQuote, context: Context) -> str:
    """Money, policy and deadline in one text; a form asks for no reason."""
    return " ".join(_terms(lead, booking, replace(change, asked=True), given, context))


def denied(lead: Lead, booking: Booking, reason: NoChange, context: Context) -> EffectRequest:
    """Why it cannot be changed, and what can be done instead."""
    known = booking_words.facts(lead, booking, context)
    return EffectRequest(SendText(say(f"change.denied.{reason.value}", lead.language, **known)))
