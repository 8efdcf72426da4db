"""`/api/v1/money`: what is owed, the journal, and how our books compare with the provider's."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from quart import Blueprint, Response

from bot.engine.parts import Parts
from payments.domain.ledger import LedgerEntry, Posting
from payments.domain.movement import Movement
from payments.domain.payables import Payable, PayableState
from payments.domain.reconciliation import Reconciliation
from payments.services.cashier import Cashier
from payments.store.report_rows import MoneyReads
from payments.store.store import UNMATCHED, Store
from webhooks.api.money import listing_models as models
from webhooks.api.money import operations, views
from webhooks.api.reports.desk import BadPeriod, period
from webhooks.edge import csv
from webhooks.edge.guard import ApiGuard
from webhooks.edge.models import Nothing
from webhooks.edge.operations import Call, EdgeAnswer, Route, mount
from webhooks.edge.problems import problem

MOST_LOOKS: Final = 30
COLUMNS: Final = ("at", "posting", "line", "booking", "currency", "account", "party", "debit", "credit")


class LedgerDoor:
    """Reads the books; takes a person's word about a row of the provider."""

    def __init__(self, parts: Parts, store: Store, guard: ApiGuard, cashier: Cashier | None) -> None:
        self._parts = parts
        self._store = store
        self._guard = guard
        self._cashier = cashier

    def blueprint(self) -> Blueprint:
        """The routes."""
        routes: list[Route[Any, Any, Any]] = [
            operations.PAYABLES.handled_by(self.get_payables),
            operations.JOURNAL.handled_by(self.get_journal),
            operations.RECONCILIATIONS.handled_by(self.get_reconciliations),
            operations.ACCEPT.handled_by(self.post_accept),
        ]
        blueprint = mount(routes, "ledger", self._guard)
        blueprint.register_error_handler(BadPeriod, _bad_period)
        return blueprint

    async def get_payables(self, call: Call[Nothing, models.PayablesQuery, Nothing]) -> EdgeAnswer:
        """A page of them, by id."""
        asked = call.query
        wanted: dict[str, str] = {} if asked.state is None else {"state": PayableState[asked.state]}
        wanted |= {} if asked.payee is None else {"payee": asked.payee}
        page = await self._store.payables.page(wanted, asked.cursor)
        return EdgeAnswer(models.Payables(items=[payable(one) for one in page.records], next_cursor=page.following))

    async def get_journal(self, call: Call[Nothing, models.JournalQuery, Nothing]) -> Response:
        """200, written as it is read."""
        now = await self._parts.clock.business_now()
        asked = period(call.query.first, call.query.to, self._parts.context(now).business, now)
        return journal(self._store, asked.span.first, asked.span.last, asked.business.zone)

    async def get_reconciliations(self, call: Call[Nothing, Nothing, Nothing]) -> EdgeAnswer:
        """The last looks, newest first, and what waits for a person's word."""
        return EdgeAnswer(await reconciliations(self._store))

    async def post_accept(
        self, call: Call[models.MovementPath, Nothing, models.AcceptMovement]
    ) -> EdgeAnswer | Response:
        """200; the books have it, or would have it."""
        if self._cashier is None:
            return problem(409, "no-provider", "No payment provider is set up here.")
        now, asked, wanted = await self._parts.clock.business_now(), call.body, call.path.movement
        by = asked.by.strip()
        if not await self._cashier.statement.accept(wanted, now, by=by, dry_run=asked.dry_run):
            return problem(404, "no-such-movement", "No such row of the provider waits for a person.")
        return EdgeAnswer(models.MovementAccepted(id=wanted, accepted_by=by, dry_run=asked.dry_run))


def payable(known: Payable) -> models.OwedShareShown:
    """What one party is owed."""
    return models.OwedShareShown.model_validate(
        {
            "id": known.id,
            "booking": known.reference,
            "party": known.party.value,
            "payee": known.payee,
            "amount": views.amount(known.net),
            "state": known.state.value.upper(),
            "due_at": None if known.due_at is None else known.due_at.isoformat(),
            "held": known.held,
            "payout": known.payout,
        }
    )


async def reconciliations(store: Store) -> models.Reconciliations:
    """The last looks, newest first, and what waits for a person's word."""
    found = await store.reconciliations.newest(MOST_LOOKS)
    rows = await store.movements.find({UNMATCHED: True})
    return models.Reconciliations(
        items=[_look(one) for one in found], next_cursor=None, unmatched=[_unmatched(row) for row in rows]
    )


def _look(known: Reconciliation) -> models.ReconciliationShown:
    seen = views.reconciled(known)
    return models.ReconciliationShown(
        at=known.at.isoformat(),
        currency=known.currency,
        verdict=known.verdict,
        held_last_at=seen["held_last_at"],
        balances=[models.BalanceLineShown.model_validate(line) for line in seen["balances"]],
        in_words=seen["in_words"],
        moving=seen["moving"],
    )


def _unmatched(row: Movement) -> models.UnmatchedShown:
    at = row.moved_at or row.seen_at
    return models.UnmatchedShown.model_validate(
        {"id": row.id, "kind": row.word, "amount": views.amount(row.amount), "at": at.isoformat()}
    )


def journal(store: Store, first: datetime, last: datetime, zone: ZoneInfo) -> Response:
    """The ledger as CSV: a line an entry, debit next to credit, in the order things happened, always the same."""

    async def lines() -> AsyncIterator[tuple[object, ...]]:
        async for posting in MoneyReads(store).journal(first, last):
            for number, entry in enumerate(posting.entries, 1):
                yield _line(posting, number, entry, zone)

    return csv.stream(COLUMNS, lines(), "journal")


def _line(posting: Posting, number: int, entry: LedgerEntry, zone: ZoneInfo) -> tuple[object, ...]:
    party = None if entry.party is None else entry.party.value
    debit, credit = max(entry.amount, 0), max(-entry.amount, 0)
    at = posting.at.astimezone(zone).isoformat(timespec="milliseconds")
    return (at, posting.key, number, posting.reference, posting.currency, entry.account.value, party, debit, credit)


async def _bad_period(error: BadPeriod) -> Response:
    return problem(422, "bad-period", str(error))
