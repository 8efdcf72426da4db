"""A refund the channel cannot return: the customer names an account, hears it read back, and says an explicit yes.

What is said may also be about something else (another booking, a person): then it is not ours to answer. After two
answers nobody could use a person is called.
"""

from dataclasses import replace
from typing import Final

from bot.business.context import Context
from bot.dialogue import takeover
from bot.dialogue.customer_turn import CustomerTurn
from bot.domain.account_question import AccountQuestion, Asking
from bot.domain.commands import SendRefundTo
from bot.domain.lead import Lead
from bot.domain.outcome import EffectRequest, Outcome
from bot.domain.states import IN_PROGRESS
from bot.replies import account as words
from intents.understanding import Confidence, Intent
from payments.domain import accounts
from payments.domain.accounts import AccountChannel

MOST_WRONG: Final = 2
_ELSEWHERE: Final = frozenset(
    {
        *(Intent.BOOK, Intent.CHOOSE_SERVICE, Intent.ASK_PRICE, Intent.ASK_AVAILABILITY, Intent.ASK_INFO),
        *(Intent.RESCHEDULE, Intent.CANCEL, Intent.BOOKING_STATUS, Intent.THANKS, Intent.GOODBYE),
    }
)
"""About something else: answered as ever, and the question stays open."""
_NO_ANSWER: Final = frozenset({Intent.GREETING, Intent.HELP, Intent.CONFIRM, Intent.REPEAT, Intent.PAY_HELP})
"""Neither an answer nor a wrong one: the question is asked again."""

_YES_OR_NO: Final = frozenset({Intent.CONFIRM, Intent.REJECT})
_NO_NAME: Final = _YES_OR_NO | {Intent.CANCEL, Intent.RESCHEDULE, Intent.THANKS, Intent.BOOKING_STATUS}
"""Sentences that are nobody's name."""


def asked(lead: Lead, one: AccountQuestion, *, refused: bool) -> Outcome:
    """A refund needs an account; one that is asked about already is not asked twice."""
    if any(known.refund == one.refund for known in lead.account_questions):
        return Outcome(lead)
    waiting = replace(lead, account_questions=(*lead.account_questions, one))
    if lead.account_questions:
        return Outcome(waiting)
    return Outcome(waiting).requesting(words.question(waiting, one, key="account.refused" if refused else None))


def answer(lead: Lead, heard: CustomerTurn, context: Context) -> Outcome | None:
    """What these words mean for the account that is asked for; none when they mean nothing for it."""
    one = next(iter(lead.account_questions), None)
    if one is None or (heard.tap is None and not heard.text.strip()):
        return None
    if heard.tap is not None:
        return _tapped(lead, one, heard)
    if heard.understanding.intent in _YES_OR_NO and any(booking.open_question for booking in lead.bookings):
        # asked later, about a booking: that is what a yes or a no in words means
        return None
    answered = _answered(lead, one, heard)
    if answered is not None:
        return _asking(lead, answered) if answered.asking is not one.asking else _sent(lead, one)
    if _is_elsewhere(lead, heard):
        return None
    return _not_understood(lead, one, heard)


def _tapped(lead: Lead, one: AccountQuestion, heard: CustomerTurn) -> Outcome | None:
    code = heard.tapped(words.CHANNEL_TAP)
    if code is not None:
        channel = accounts.channel_of(code, one.amount.currency)
        return None if channel is None else _asking(lead, _at(one, channel))
    if heard.tapped(words.NO_TAP) == one.refund:
        return _asking(lead, one.started_over())
    if heard.tapped(words.YES_TAP) == one.refund and one.asking is Asking.CONFIRMATION:
        return _sent(lead, one)
    return None


def _at(one: AccountQuestion, channel: AccountChannel) -> AccountQuestion:
    return replace(one.started_over(), asking=Asking.NUMBER, channel=channel.code)


def _answered(lead: Lead, one: AccountQuestion, heard: CustomerTurn) -> AccountQuestion | None:
    """The question after a good answer; itself when that was the explicit yes."""
    match one.asking:
        case Asking.CHANNEL:
            return _channel_named(one, heard.text)
        case Asking.NUMBER:
            return _numbered(one, heard.text)
        case Asking.HOLDER:
            holder = None if heard.says_yes or heard.surely(*_NO_NAME) else accounts.holder_in(heard.text)
            return None if holder is None else replace(one, asking=Asking.CONFIRMATION, holder=holder)
        case Asking.CONFIRMATION:
            return _confirmed(lead, one, heard)


def _channel_named(one: AccountQuestion, text: str) -> AccountQuestion | None:
    """One bank or wallet, and the number if it stands beside it."""
    named = [each for each in accounts.channels_of(one.amount.currency) if each.is_named_in(text)]
    if len(named) != 1:
        return None
    chosen = _at(one, named[0])
    return _numbered(chosen, text) or chosen


def _numbered(one: AccountQuestion, text: str) -> AccountQuestion | None:
    channel = words.channel_of(one)
    number = None if channel is None else accounts.number_in(text, channel)
    return None if number is None else replace(one, asking=Asking.HOLDER, number=number)


def _confirmed(lead: Lead, one: AccountQuestion, heard: CustomerTurn) -> AccountQuestion | None:
    """A yes in words counts only while no booking waits for one; a no begins anew."""
    if _is_booking(lead) or heard.understanding.confidence is not Confidence.ACT:
        return None
    match heard.understanding.intent:
        case Intent.CONFIRM if heard.says_yes:
            return one
        case Intent.REJECT:
            return one.started_over()
        case _:
            return None


def _is_booking(lead: Lead) -> bool:
    booking = lead.open_booking
    return booking is not None and booking.state in IN_PROGRESS


def _is_elsewhere(lead: Lead, heard: CustomerTurn) -> bool:
    known = heard.understanding
    return _is_booking(lead) or (known.intent in _ELSEWHERE and known.confidence is Confidence.ACT)


def _not_understood(lead: Lead, one: AccountQuestion, heard: CustomerTurn) -> Outcome:
    if heard.understanding.intent in _NO_ANSWER and one.asking in {Asking.CHANNEL, Asking.CONFIRMATION}:
        return _asking(lead, one)
    misread = one.misread()
    if misread.wrong >= MOST_WRONG:
        without = _without(lead, one)
        step = takeover.asked_for_person(without, heard.at)
        return step.recording("refund_account_not_understood", "system", heard.at, refund=one.refund)
    key = {
        Asking.CHANNEL: "account.which",
        Asking.NUMBER: "account.number_wrong",
        Asking.HOLDER: "account.holder_wrong",
        Asking.CONFIRMATION: None,
    }[one.asking]
    return _asking(lead, misread, key)


def _asking(lead: Lead, one: AccountQuestion, key: str | None = None) -> Outcome:
    others = tuple(each for each in lead.account_questions if each.refund != one.refund)
    waiting = replace(lead, account_questions=(one, *others)).conversing(misunderstood=0, greeted=True)
    return Outcome(waiting).requesting(words.question(waiting, one, key=key))


def _without(lead: Lead, one: AccountQuestion) -> Lead:
    return replace(lead, account_questions=tuple(each for each in lead.account_questions if each != one))


def _sent(lead: Lead, one: AccountQuestion) -> Outcome:
    """The explicit yes: the refund goes to that account, and the next one is asked about."""
    if one.channel is None or one.number is None or one.holder is None:
        return _asking(lead, one.started_over())
    done = _without(lead, one).conversing(misunderstood=0)
    step = Outcome(done).requesting(EffectRequest(SendRefundTo(one.refund, one.channel, one.number, one.holder)))
    step = step.requesting(words.taken(done, one))
    following = next(iter(done.account_questions), None)
    return step if following is None else step.requesting(words.question(done, following))
