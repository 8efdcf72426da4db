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
from bot.domain.alarms import AlarmReason
from bot.domain.lead import Lead
from bot.domain.money_orders import SendRefundTo
from bot.domain.outcome import EffectRequest, Outcome
from bot.domain.states import IN_PROGRESS
from bot.replies import account as words
from intents.commitment import CommitmentKind
from intents.understanding import Confidence, Intent
from payments.domain import bank_accounts
from payments.domain.bank_accounts import BankChannel

MOST_WRONG: Final = 2
_ELSEWHERE: Final = frozenset(
    {
        *(Intent.BOOK, Intent.CHOOSE_SERVICE, Intent.ASK_PRICE, Intent.ASK_AVAILABILITY, Intent.ASK_INFO),
        *(Intent.RESCHEDULE, Intent.CANCEL, Intent.BOOKING_STATUS, Intent.THANKS, Intent.GOODBYE),
    }
)
"""About something else: answered as ever, and the question stays open."""
_NO_ANSWER: Final = frozenset({Intent.GREETING, Intent.HELP, Intent.CONFIRM, Intent.REPEAT, Intent.PAY_HELP})
"""Neither an answer nor a wrong question: the question is asked again."""

_YES_OR_NO: Final = frozenset({Intent.CONFIRM, Intent.REJECT})
_NO_NAME: Final = _YES_OR_NO | {Intent.CANCEL, Intent.RESCHEDULE, Intent.THANKS, Intent.BOOKING_STATUS}
"""Sentences that are nobody's name."""


def ask(lead: Lead, question: AccountQuestion, *, refused: bool) -> Outcome:
    """A refund needs an account; question that is asked about already is not asked twice."""
    if any(known.refund == question.refund for known in lead.account_questions):
        return Outcome(lead)
    waiting = replace(lead, account_questions=(*lead.account_questions, question))
    if lead.account_questions:
        return Outcome(waiting)
    return Outcome(waiting).requesting(words.question(waiting, question, key="account.refused" if refused else None))


def answer(lead: Lead, turn: CustomerTurn, context: Context) -> Outcome | None:
    """What these words mean for the account that is asked for; none when they mean nothing for it."""
    question = next(iter(lead.account_questions), None)
    if question is None or (turn.tap is None and not turn.text.strip()):
        return None
    if turn.tap is not None:
        code = turn.tapped(words.CHANNEL_TAP)
        if code is not None:
            channel = bank_accounts.channel_of(code, question.amount.currency)
            return None if channel is None else _asking(lead, _at(question, channel))
        if turn.tapped(words.NO_TAP) == question.refund:
            return _asking(lead, question.started_over())
        if turn.tapped(words.YES_TAP) == question.refund and question.asking is Asking.CONFIRMATION:
            return _sent(lead, question)
        return None
    if turn.understanding.intent in _YES_OR_NO and any(booking.open_question for booking in lead.bookings):
        # asked later, about a booking: that is what a yes or a no in words means
        return None
    answered = _answered(lead, question, turn)
    if answered is not None:
        return _asking(lead, answered) if answered.asking is not question.asking else _sent(lead, question)
    known = turn.understanding
    if _is_booking(lead) or (known.intent in _ELSEWHERE and known.confidence is Confidence.ACT):
        return None
    if turn.understanding.intent in _NO_ANSWER and question.asking in {Asking.CHANNEL, Asking.CONFIRMATION}:
        return _asking(lead, question)
    misread = question.misread()
    if misread.wrong >= MOST_WRONG:
        # the refund still has no account when somebody has talked to them
        without = _without(lead, question).alarmed(AlarmReason.REFUND_NEEDS_ACCOUNT, turn.at, question.refund)
        outcome = takeover.asked_for_person(without, turn.at, context)
        return outcome.recording("refund_account_not_understood", "system", turn.at, refund=question.refund)
    key = {
        Asking.CHANNEL: "account.which",
        Asking.NUMBER: "account.number_wrong",
        Asking.HOLDER: "account.holder_wrong",
        Asking.CONFIRMATION: None,
    }[question.asking]
    return _asking(lead, misread, key)


def _at(question: AccountQuestion, channel: BankChannel) -> AccountQuestion:
    return replace(question.started_over(), asking=Asking.NUMBER, channel=channel.code)


def _answered(lead: Lead, question: AccountQuestion, turn: CustomerTurn) -> AccountQuestion | None:
    """The question after a good answer; itself when that was the explicit yes."""
    match question.asking:
        case Asking.CHANNEL:
            # One bank or wallet, and the number if it stands with it.
            named = [
                each for each in bank_accounts.channels_of(question.amount.currency) if each.is_named_in(turn.text)
            ]
            if len(named) != 1:
                return None
            chosen = _at(question, named[0])
            return _numbered(chosen, turn.text) or chosen
        case Asking.NUMBER:
            return _numbered(question, turn.text)
        case Asking.HOLDER:
            holder = (
                None
                if turn.says_yes(CommitmentKind.REFUND) or turn.surely(*_NO_NAME)
                else bank_accounts.holder_in(turn.text)
            )
            return None if holder is None else replace(question, asking=Asking.CONFIRMATION, holder=holder)
        case Asking.CONFIRMATION:
            # A yes in words counts only while no booking waits for one; a no begins again.
            if _is_booking(lead) or turn.understanding.confidence is not Confidence.ACT:
                return None
            match turn.understanding.intent:
                case Intent.CONFIRM if turn.says_yes(CommitmentKind.REFUND):
                    return question
                case Intent.REJECT:
                    return question.started_over()
                case _:
                    return None


def _numbered(question: AccountQuestion, text: str) -> AccountQuestion | None:
    channel = words.channel_of(question)
    number = None if channel is None else bank_accounts.number_in(text, channel)
    return None if number is None else replace(question, asking=Asking.HOLDER, number=number)


def _is_booking(lead: Lead) -> bool:
    booking = lead.open_booking
    return booking is not None and booking.state in IN_PROGRESS


def _asking(lead: Lead, question: AccountQuestion, key: str | None = None) -> Outcome:
    others = tuple(each for each in lead.account_questions if each.refund != question.refund)
    waiting = replace(lead, account_questions=(question, *others)).conversing(misunderstood=0, greeted=True)
    return Outcome(waiting).requesting(words.question(waiting, question, key=key))


def _without(lead: Lead, question: AccountQuestion) -> Lead:
    return replace(lead, account_questions=tuple(each for each in lead.account_questions if each != question))


def _sent(lead: Lead, question: AccountQuestion) -> Outcome:
    """The explicit yes: the refund goes to that account, and the next question is asked about."""
    if question.channel is None or question.number is None or question.holder is None:
        return _asking(lead, question.started_over())
    done = _without(lead, question).conversing(misunderstood=0)
    order = SendRefundTo(question.refund, question.channel, question.number, question.holder)
    outcome = Outcome(done).requesting(EffectRequest(order))
    outcome = outcome.requesting(words.taken(done, question))
    following = next(iter(done.account_questions), None)
    return outcome if following is None else outcome.requesting(words.question(done, following))
