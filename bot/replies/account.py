"""What is said when a refund needs an account, rendered."""

from bot.domain import message_limits as limits
from bot.domain.account_question import AccountQuestion, Asking
from bot.domain.commands import Button, SendButtons, SendList, SendText, Urgency
from bot.domain.lead import Lead
from bot.domain.outcome import EffectRequest
from bot.replies import notices, times
from bot.replies.words import say
from payments.domain import bank_accounts
from payments.domain.bank_accounts import BankChannel

CHANNEL_TAP = "acct:"
YES_TAP = "acctyes:"
NO_TAP = "acctno:"


def question(lead: Lead, one: AccountQuestion, *, key: str | None = None) -> EffectRequest:
    """What is asked next, in the words of `key` where an answer could not be used."""
    match one.asking:
        case Asking.CHANNEL:
            return _channels(lead, one, key or "account.ask")
        case Asking.NUMBER:
            return _number(lead, one, key)
        case Asking.HOLDER:
            return _text(lead, one, key or "account.holder")
        case Asking.CONFIRMATION:
            # The explicit question; the number is read back by its end only.
            buttons = (
                Button(f"{YES_TAP}{one.refund}", say("account.button.yes", lead.language)),
                Button(f"{NO_TAP}{one.refund}", say("account.button.no", lead.language)),
            )
            body = say("account.confirm", lead.language, **_facts(lead, one))
            return EffectRequest(SendButtons(body, buttons), urgency=Urgency.MONEY, is_fact=True)


def _channels(lead: Lead, one: AccountQuestion, key: str) -> EffectRequest:
    known = _facts(lead, one)
    rows = [Button(f"{CHANNEL_TAP}{each.code}", each.name) for each in bank_accounts.channels_of(one.amount.currency)]
    outside = notices.outside("payment.refund.needs_account", lead.language, known)
    label = say("account.button.channels", lead.language)
    order = SendList(say(key, lead.language, **known), label, tuple(rows[: limits.LIST_ROWS]), outside)
    return EffectRequest(order, urgency=Urgency.MONEY, is_fact=True)


def _number(lead: Lead, one: AccountQuestion, key: str | None) -> EffectRequest:
    channel = channel_of(one)
    if key is None:
        key = "account.wallet_number" if channel is not None and channel.is_wallet else "account.number"
    return _text(lead, one, key)


def _text(lead: Lead, one: AccountQuestion, key: str) -> EffectRequest:
    return EffectRequest(SendText(say(key, lead.language, **_facts(lead, one))), urgency=Urgency.MONEY, is_fact=True)


def taken(lead: Lead, one: AccountQuestion) -> EffectRequest:
    """It is on its way."""
    return _text(lead, one, "account.taken")


def channel_of(one: AccountQuestion) -> BankChannel | None:
    """The bank or wallet that was named."""
    return bank_accounts.channel_of(one.channel or "", one.amount.currency)


def _facts(lead: Lead, one: AccountQuestion) -> dict[str, str]:
    channel = channel_of(one)
    return {
        "amount": times.money(one.amount, lead.language),
        "reference": one.reference,
        "channel": "" if channel is None else channel.name,
        "digits": "" if channel is None else _digits(channel),
        "number": bank_accounts.masked(one.number or ""),
        "holder": one.holder or "",
    }


def _digits(channel: BankChannel) -> str:
    least, most = channel.digits
    return str(least) if least == most else f"{least}–{most}"
