"""`/api/v1/money`: does every unit hold, payouts and payees that wait for a person, and what to look at."""

from typing import Any

from quart import Blueprint, Response

from bot.engine.booking_check import BookingCheck
from bot.engine.staff_actions import NoSuchBooking
from bot.engine.staff_money import StaffMoney
from bot.store.clock import BusinessClock
from payments.domain.payees import NeedsAnother
from payments.domain.payout import Denial, Payout, PayoutState
from payments.domain.refund import NoApproval
from payments.services.cashier import Cashier
from payments.store.store import Store
from webhooks.api.bookings.models import BookingPath
from webhooks.api.money import operations, steps, views
from webhooks.api.money.dispute_models import DisputePath, DisputesQuery
from webhooks.api.money.disputes import DisputeDesk
from webhooks.api.money.models import (
    Alarms,
    AlarmShown,
    Approve,
    Confirm,
    Deposit,
    GiveBack,
    MoneyCheckShown,
    PayeePath,
    Payees,
    PayeeShown,
    PayoutPath,
    PayoutsQuery,
    ProposalShown,
    Receive,
    RefundAccount,
    RefundPath,
    Retry,
    Void,
    WaitingReceipt,
    WaitingReceipts,
    WaitingRefund,
    WaitingRefunds,
    WholePayout,
    WholePayouts,
)
from webhooks.api.money.steps import MoneyDenied
from webhooks.edge.guard import ApiGuard
from webhooks.edge.models import Nothing
from webhooks.edge.operations import Call, EdgeAnswer, Route, mount
from webhooks.edge.problems import problem


class NoProvider(Exception):
    """This house has no payment provider set up, so nobody is paid by it."""


class MoneyDoor:
    """Reads the books, and takes a person's word about payouts and payees."""

    def __init__(
        self,
        store: Store,
        guard: ApiGuard,
        clock: BusinessClock,
        cashier: Cashier | None,
        desk: StaffMoney,
        check: BookingCheck,
        disputes: DisputeDesk,
    ) -> None:
        self._store = store
        self._guard = guard
        self._clock = clock
        self._known_cashier = cashier
        self._desk = desk
        self._check = check
        self._disputes = disputes

    def blueprint(self) -> Blueprint:
        """The routes."""
        routes: list[Route[Any, Any, Any]] = [
            operations.CHECK.handled_by(self.get_check),
            operations.PAYOUTS.handled_by(self.get_payouts),
            operations.RETRY.handled_by(self.post_retry),
            operations.VOID.handled_by(self.post_void),
            operations.PAYEES.handled_by(self.get_payees),
            operations.CONFIRM.handled_by(self.post_confirm),
            operations.DISPUTES.handled_by(self.get_disputes),
            operations.DISPUTE.handled_by(self.get_dispute),
            operations.REFUNDS.handled_by(self.get_refunds),
            operations.APPROVE.handled_by(self.post_approve),
            operations.ALARMS.handled_by(self.get_alarms),
            operations.GIVE_BACK.handled_by(self.post_refund),
            operations.RECEIVE.handled_by(self.post_receipt),
            operations.RECEIPTS.handled_by(self.get_receipts),
            operations.DEPOSIT.handled_by(self.post_deposit),
            operations.REFUND_ACCOUNT.handled_by(self.post_account),
        ]
        blueprint = mount(routes, "money", self._guard)
        blueprint.register_error_handler(NoProvider, _no_provider)
        blueprint.register_error_handler(MoneyDenied, _denied)
        blueprint.register_error_handler(NoSuchBooking, _no_such_booking)
        return blueprint

    @property
    def _cashier(self) -> Cashier:
        if self._known_cashier is None:
            raise NoProvider
        return self._known_cashier

    def _needs_provider(self) -> None:
        if self._known_cashier is None:
            # the order would lie in the lead for good
            raise NoProvider

    async def get_check(self, call: Call[Nothing, Nothing, Nothing]) -> EdgeAnswer:
        """200 either way; `holds` says it."""
        return EdgeAnswer(MoneyCheckShown.model_validate(views.checked(await self._check.whole())))

    async def get_payouts(self, call: Call[Nothing, PayoutsQuery, Nothing]) -> EdgeAnswer:
        """By id; `state=PERSON` for those nothing happens to by itself."""
        wanted = {} if call.query.state is None else {"state": PayoutState[call.query.state]}
        page = await self._store.payouts.page(wanted, call.query.cursor)
        items = [WholePayout.model_validate(views.payout(known)) for known in page.records]
        return EdgeAnswer(WholePayouts(items=items, next_cursor=page.following))

    async def post_retry(self, call: Call[PayoutPath, Nothing, Retry]) -> EdgeAnswer | Response:
        """200 with the payout as it is then, or would be."""
        now = await self._clock.business_now()
        name, asked = call.path.payout, call.body
        return _decided(await self._cashier.payouts.retry(name, asked.by.strip(), now, dry_run=asked.dry_run))

    async def post_void(self, call: Call[PayoutPath, Nothing, Void]) -> EdgeAnswer | Response:
        """200 with the payout as it is then, or would be."""
        now, asked = await self._clock.business_now(), call.body
        payouts = self._cashier.payouts
        return _decided(
            await payouts.void(call.path.payout, asked.by.strip(), asked.reason, now, dry_run=asked.dry_run)
        )

    async def get_payees(self, call: Call[Nothing, Nothing, Nothing]) -> EdgeAnswer:
        """Everybody who is paid, with the account in effect and the one that waits."""
        found = [PayeeShown.model_validate(views.payee(known)) for known in await self._cashier.payees.listed()]
        return EdgeAnswer(Payees(items=found, next_cursor=None))

    async def post_confirm(self, call: Call[PayeePath, Nothing, Confirm]) -> EdgeAnswer | Response:
        """200 with the proposal, in effect."""
        now, asked = await self._clock.business_now(), call.body
        try:
            found = await self._cashier.payees.confirm(call.path.payee, asked.by.strip(), now, dry_run=asked.dry_run)
        except NeedsAnother:
            return problem(409, "needs-another-person", "Whoever proposed an account cannot confirm it.")
        if found is None:
            return problem(404, "no-account-waits", "No account waits for this payee.")
        return EdgeAnswer(ProposalShown.model_validate(views.proposal(found)))

    async def get_disputes(self, call: Call[Nothing, DisputesQuery, Nothing]) -> EdgeAnswer:
        """Open and decided ones."""
        return EdgeAnswer(await self._disputes.listed(call.query.cursor))

    async def get_dispute(self, call: Call[DisputePath, Nothing, Nothing]) -> EdgeAnswer | Response:
        """200 with all there is of it."""
        found = await self._disputes.whole(call.path.dispute)
        return problem(404, "no-such-dispute", "There is no such dispute.") if found is None else EdgeAnswer(found)

    async def get_refunds(self, call: Call[Nothing, Nothing, Nothing]) -> EdgeAnswer:
        """By id, all of them."""
        waiting = await self._cashier.refunds.awaiting_approval()
        found = [WaitingRefund.model_validate(views.waiting_refund(known)) for known in waiting]
        return EdgeAnswer(WaitingRefunds(items=found, next_cursor=None))

    async def post_approve(self, call: Call[RefundPath, Nothing, Approve]) -> EdgeAnswer | Response:
        """200 with the refund as it is then, or would be."""
        now, asked = await self._clock.business_now(), call.body
        found = await self._cashier.refunds.approve(call.path.refund, asked.by.strip(), now, dry_run=asked.dry_run)
        if found is NoApproval.UNKNOWN:
            return problem(404, "no-such-refund", "There is no such refund.")
        if found is NoApproval.OWN:
            return problem(409, "needs-another-person", "Whoever ordered a refund cannot approve it.")
        if isinstance(found, NoApproval):
            return problem(409, "not-now", found.value)
        return EdgeAnswer(WaitingRefund.model_validate(views.waiting_refund(found)))

    async def post_refund(self, call: Call[BookingPath, Nothing, GiveBack]) -> EdgeAnswer:
        """201 with what was ordered; a dry run 200 with what would be."""
        self._needs_provider()
        given = await steps.give_back(self._desk, call.path.reference, call.body, call.key or steps.call_name())
        return EdgeAnswer(given, 200 if given.dry_run else 201)

    async def post_receipt(self, call: Call[BookingPath, Nothing, Receive]) -> EdgeAnswer:
        """201; what it means for the booking is done by its news."""
        self._needs_provider()
        receipt = await steps.receive(self._desk, call.path.reference, call.body, call.key or steps.call_name())
        return EdgeAnswer(receipt, 200 if receipt.dry_run else 201)

    async def get_receipts(self, call: Call[Nothing, Nothing, Nothing]) -> EdgeAnswer:
        """By account."""
        waiting = await self._cashier.invoices.undeposited()
        found = [WaitingReceipt.model_validate(one) for invoice in waiting for one in views.receipts(invoice)]
        return EdgeAnswer(WaitingReceipts(items=found, next_cursor=None))

    async def post_deposit(self, call: Call[Nothing, Nothing, Deposit]) -> EdgeAnswer:
        """200 with what was deposited, or would be."""
        return EdgeAnswer(await steps.deposit(self._cashier, call.body, await self._clock.business_now()))

    async def post_account(self, call: Call[RefundPath, Nothing, RefundAccount]) -> EdgeAnswer:
        """200; the sweep sends it."""
        name = call.key or steps.call_name()
        return EdgeAnswer(await steps.name_account(self._desk, self._store, call.path.refund, call.body, name))

    async def get_alarms(self, call: Call[Nothing, Nothing, Nothing]) -> EdgeAnswer:
        """As long as they are not over."""
        found = [AlarmShown.model_validate(views.alarm(known)) for known in await self._cashier.alarms.listed()]
        return EdgeAnswer(Alarms(items=found, next_cursor=None))


def _decided(found: Payout | Denial) -> EdgeAnswer | Response:
    if found is Denial.UNKNOWN:
        return problem(404, "no-such-payout", "There is no such payout.")
    if isinstance(found, Denial):
        return problem(409, "not-now", found.value)
    return EdgeAnswer(WholePayout.model_validate(views.payout(found)))


async def _denied(error: MoneyDenied) -> Response:
    return problem(error.status, error.kind, error.detail)


async def _no_such_booking(_: NoSuchBooking) -> Response:
    return problem(404, "no-such-booking", "There is no such booking.")


async def _no_provider(_: NoProvider) -> Response:
    return problem(409, "no-provider", "No payment provider is set up here.")
