"""What a person does with money, the same way from the API and from the command line."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from bot.dialogue.changes.staff_money import NoMoneyMoved
from bot.domain.events import StaffAction
from bot.domain.users import Role
from bot.engine.staff_actions import NoSuchBooking
from bot.engine.staff_money import MoneyRefused, StaffMoney
from bot.lifecycle.quotes import MAY_OVERRIDE
from bot.lifecycle.verdicts import actor_named
from payments.domain import bank_accounts
from payments.domain.receipts import NoDeposit
from payments.domain.refund import RefundState
from payments.services.cashier import Cashier
from payments.store.store import Store
from webhooks.api.bookings.acting import Acting
from webhooks.api.money import models
from webhooks.edge.models import AmountShown

_WHY: Final[Mapping[NoMoneyMoved, str]] = {
    NoMoneyMoved.MAY_NOT: "That role does not move money: finance and admin may, and operations gives back.",
    NoMoneyMoved.NO_REASON: "A reason is needed; it stands on record.",
    NoMoneyMoved.BAD_SUM: "The amount is a sum above nothing, in the booking's currency.",
    NoMoneyMoved.NOTHING_THERE: "Nothing is paid for it that has not gone back.",
    NoMoneyMoved.TOO_MUCH: "That is more than is paid for it and has not gone back.",
    NoMoneyMoved.NOT_PAID_UP: "It still waits for its own money; cancel it, or wait until it is paid.",
    NoMoneyMoved.CHANGE_UNDER_WAY: "A change of it was agreed to and is under way; wait until it is done.",
    NoMoneyMoved.DISPUTED: "A bank has taken this money back, or is deciding about it.",
    NoMoneyMoved.SURPLUS_FIRST: "More came in than it costs; at least the surplus goes back.",
    NoMoneyMoved.OWN_WAY: "Its money came too late, and goes back by itself.",
    NoMoneyMoved.GIVEN_MEANWHILE: "Somebody gave money back at the same moment; look again.",
    NoMoneyMoved.NOTHING_DUE: "It waits for no money.",
    NoMoneyMoved.MORE_THAN_DUE: "That is more than is due.",
    NoMoneyMoved.NOT_OVER: "It still stands; who alone bears what goes back is said when it is over.",
    NoMoneyMoved.NO_SHARE: "That party has no share of it, so it cannot bear anything.",
    NoMoneyMoved.TOO_LATE: "Its deadline has passed, and its time is being released.",
}
_STATUS: Final = {NoMoneyMoved.MAY_NOT: 403, NoMoneyMoved.NO_REASON: 422, NoMoneyMoved.BAD_SUM: 422}
"""The others are 409: how things stand, not how it was asked."""
_KINDS: Final = {NoMoneyMoved.MAY_NOT: "may-not", NoMoneyMoved.GIVEN_MEANWHILE: "not-now"}


class MoneyDenied(Exception):
    """It cannot be done so: the HTTP status, the problem's kind, and a sentence."""

    def __init__(self, status: int, kind: str, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.kind = kind
        self.detail = detail


async def give_back(desk: StaffMoney, reference: str, asked: models.GiveBack, name: str) -> models.GivenBack:
    """Money back without a change; MoneyDenied, NoSuchBooking."""
    said = _said(asked) | {"amount": str(asked.amount), "reason": asked.reason}
    if asked.borne_by is not None:
        said["borne_by"] = asked.borne_by.value
    facts = await _ask(desk, StaffAction.REFUND, reference, said, name, dry_run=asked.dry_run)
    currency = facts["currency"]
    return models.GivenBack(
        id=facts["refund"],
        booking=reference,
        amount=_amount(facts["amount"], currency),
        keep=_amount(facts["keep"], currency),
        ordered_by=facts["person"],
        reason=facts["reason"],
        borne_by=asked.borne_by,
        dry_run=asked.dry_run,
    )


async def receive(desk: StaffMoney, reference: str, asked: models.Receive, name: str) -> models.ReceiptShown:
    """Money that a person has received; MoneyDenied, NoSuchBooking."""
    said = _said(asked) | {"amount": str(asked.amount), "way": asked.way.value, "reason": asked.note}
    facts = await _ask(desk, StaffAction.RECEIVE, reference, said, name, dry_run=asked.dry_run)
    return models.ReceiptShown(
        id=facts["receipt"],
        account=facts["account"],
        amount=_amount(facts["amount"], facts["currency"]),
        way=asked.way,
        received_by=facts["person"],
        dry_run=asked.dry_run,
    )


async def name_account(
    desk: StaffMoney, store: Store, refund: str, asked: models.RefundAccount, name: str
) -> models.AccountNamed:
    """A refund goes to the account that the customer told a person; MoneyDenied."""
    known = await store.refunds.load(refund)
    if known is None:
        raise MoneyDenied(404, "no-such-refund", "There is no such refund.")
    if actor_named(asked.role) not in MAY_OVERRIDE:
        raise MoneyDenied(403, "may-not", "That role sends no money anywhere.")
    if known.state not in {RefundState.NEEDS_ACCOUNT, RefundState.PERSON}:
        raise MoneyDenied(409, "not-now", "That refund waits for no account.")
    currency = known.amount.currency
    channel = bank_accounts.channel_of(asked.channel, currency)
    if channel is None:
        codes = ", ".join(one.code for one in bank_accounts.channels_of(currency)) or "none"
        raise MoneyDenied(422, "no-such-channel", f"channel is one of {codes}.")
    number, holder = bank_accounts.number_in(asked.number, channel), bank_accounts.holder_in(asked.holder)
    if number is None:
        raise MoneyDenied(422, "bad-account", f"number is no account number of {channel.name}.")
    if holder is None:
        raise MoneyDenied(422, "bad-account", "holder is the name the account is kept under.")
    said = _said(asked) | {"refund": refund, "channel": channel.code, "number": number, "holder": holder}
    reference = known.reference.partition("~")[0]
    await _ask(desk, StaffAction.REFUND_ACCOUNT, reference, said, name, dry_run=asked.dry_run)
    return models.AccountNamed(
        refund=refund,
        account=models.Account(channel=channel.code, number=bank_accounts.masked(number)),
        dry_run=asked.dry_run,
    )


async def deposit(cashier: Cashier, asked: models.Deposit, now: datetime) -> models.Deposited:
    """Received money was put into the provider's account, so that its shares may leave; MoneyDenied."""
    if asked.role not in {Role.FINANCE, Role.ADMIN}:
        raise MoneyDenied(403, "may-not", _WHY[NoMoneyMoved.MAY_NOT])
    found = await cashier.invoices.deposit(asked.account, asked.receipt, now, dry_run=asked.dry_run)
    if isinstance(found, NoDeposit):
        raise MoneyDenied(404 if found is NoDeposit.UNKNOWN else 409, "no-such-receipt", f"{found.value}.")
    return models.Deposited(account=asked.account, receipt=asked.receipt, dry_run=asked.dry_run)


async def _ask(
    desk: StaffMoney, action: StaffAction, reference: str, said: Mapping[str, str], name: str, *, dry_run: bool
) -> Mapping[str, str]:
    found = await desk.staff.find(reference)
    answer = await desk.ask(action, found, said, name, dry_run=dry_run)
    if isinstance(answer, MoneyRefused):
        if answer.why is None:
            raise NoSuchBooking(reference)
        raise refused(answer.why)
    return answer


def refused(why: NoMoneyMoved) -> MoneyDenied:
    """Why no money was moved, as it is answered."""
    return MoneyDenied(_STATUS.get(why, 409), _KINDS.get(why, why.value.replace("_", "-")), _WHY[why])


def _amount(amount: str, currency: str) -> AmountShown:
    return AmountShown(amount=int(amount), currency=currency)


def _said(asked: Acting) -> dict[str, str]:
    return {"role": asked.role.value, "person": asked.person}


def call_name() -> str:
    """A name for a call from the command line: each is one of its own."""
    return secrets.token_hex(8)
