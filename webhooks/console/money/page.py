"""Money: what is owed, payouts that need a person, what waits for a second one, and whether the books hold."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from quart import Blueprint, Response, request

from bot.business.definition import Business
from bot.engine.parts import Parts
from bot.replies import times
from payments.domain.bank_accounts import masked
from payments.domain.money import Money
from payments.domain.payables import Payable, PayableState
from payments.domain.payees import NeedsAnother
from payments.domain.payout import Denial, Payout, PayoutState
from payments.domain.refund import NoApproval, Refund
from payments.services.cashier import Cashier
from payments.services.payees import PayeeStanding
from webhooks.api.money.ledger_door import journal, reconciliations
from webhooks.api.reports.desk import period
from webhooks.console import words
from webhooks.console.books import ConsoleBooks
from webhooks.console.guard import Act, may, signed_in
from webhooks.console.pages import MONEY
from webhooks.console.rendering import Renderer, language_here
from webhooks.edge.problems import RequestRefused, problem


class MoneyTab(StrEnum):
    """Which part of it."""

    DECIDE = "decide"
    """What waits for a person."""
    OWED = "owed"
    BOOKS = "books"


@dataclass(frozen=True, slots=True)
class Decision:
    """Something that a person decides: who and what, how much, why it waits, and how it is answered."""

    kind: str
    id: str
    title: str
    amount: str
    reason: str
    asked_by: str
    is_own: bool = False
    """Whether who looks at it asked for it, and so cannot say yes."""


@dataclass(frozen=True, slots=True)
class Owed:
    """What one payee is owed in one currency."""

    payee: str
    amount: str
    due: str
    bookings: int


class MoneyPage:
    """Reads the books; each decision goes through the cashier, under the person's own name."""

    link = MONEY

    def __init__(self, parts: Parts, render: Renderer, books: ConsoleBooks) -> None:
        self._parts = parts
        self._render = render
        self._books = books

    def add_to(self, routes: Blueprint) -> None:
        """Its routes."""
        routes.add_url_rule("/money", view_func=self.get_money, endpoint="money")
        routes.add_url_rule("/money/journal", view_func=self.get_journal, endpoint="money_journal")
        for path, view in (
            ("/money/payouts/<wanted>/retry", self.post_retry),
            ("/money/payouts/<wanted>/void", self.post_void),
            ("/money/refunds/<wanted>/approve", self.post_approve),
            ("/money/payees/<wanted>/confirm", self.post_confirm),
            ("/money/movements/<wanted>/accept", self.post_accept),
        ):
            routes.add_url_rule(path, view_func=view, endpoint=f"money_{view.__name__}", methods=["POST"])

    @may(Act.SEE_MONEY)
    async def get_money(self) -> Response:
        """The chosen part."""
        return await self._shown()

    @may(Act.SEE_MONEY)
    async def get_journal(self) -> Response:
        """The ledger of the last thirty days for a spreadsheet."""
        now = await self._parts.clock.business_now()
        asked = period(None, None, self._parts.context(now).business, now)
        return journal(self._books.store, asked.span.first, asked.span.last, asked.business.zone)

    @may(Act.PAY_OUT)
    async def post_retry(self, wanted: str) -> Response:
        """Sent again, to the payee's account in effect."""
        now = await self._parts.clock.business_now()
        return await self._answered(await self._cashier().payouts.retry(wanted, signed_in().id, now, dry_run=False))

    @may(Act.PAY_OUT)
    async def post_void(self, wanted: str) -> Response:
        """Given up; its payables are owed again."""
        reason = (await request.form).get("reason", "").strip()[:200]
        if not reason:
            return await self._shown(words.say("money.needs_reason", language_here()), 422)
        now = await self._parts.clock.business_now()
        done = await self._cashier().payouts.void(wanted, signed_in().id, reason, now, dry_run=False)
        return await self._answered(done)

    @may(Act.APPROVE_MONEY)
    async def post_approve(self, wanted: str) -> Response:
        """A second person's yes."""
        now = await self._parts.clock.business_now()
        return await self._answered(await self._cashier().refunds.approve(wanted, signed_in().id, now, dry_run=False))

    @may(Act.PAY_OUT)
    async def post_confirm(self, wanted: str) -> Response:
        """A second person's yes to another account."""
        now = await self._parts.clock.business_now()
        try:
            done = await self._cashier().payees.confirm(wanted, signed_in().id, now, dry_run=False)
        except NeedsAnother:
            return await self._shown(words.say("money.own", language_here()), 409)
        return await self._answered(Denial.UNKNOWN if done is None else done)

    @may(Act.PAY_OUT)
    async def post_accept(self, wanted: str) -> Response:
        """It is known what that row of the provider was."""
        now, by = await self._parts.clock.business_now(), signed_in().id
        done = await self._cashier().statement.accept(wanted, now, by=by)
        return await self._answered(done or Denial.UNKNOWN)

    async def _answered(self, done: Any) -> Response:
        match done:
            case NoApproval.OWN:
                return await self._shown(words.say("money.own", language_here()), 409)
            case Denial() | NoApproval():
                return await self._shown(words.say(f"money.denied.{done.name.lower()}", language_here()), 409)
            case _:
                return await self._shown(said=words.say("money.done", language_here()))

    def _cashier(self) -> Cashier:
        if self._books.cashier is None:
            raise RequestRefused(problem(409, "no-provider", "No payment provider is set up here."))
        return self._books.cashier

    async def _shown(self, refused: str | None = None, status: int = 200, said: str | None = None) -> Response:
        given = request.args.get("tab", "")
        tab = MoneyTab(given) if given in set(MoneyTab) else MoneyTab.DECIDE
        now = await self._parts.clock.business_now()
        business = self._parts.context(now).business
        decisions = await self._decisions(business)
        person = signed_in()
        facts: dict[str, Any] = {
            "tab": tab.value,
            "tabs": [(each.value, len(decisions) if each is MoneyTab.DECIDE else None) for each in MoneyTab],
            "decisions": decisions,
            "owed": await self._owed(business) if tab is MoneyTab.OWED else [],
            "books": await reconciliations(self._books.store) if tab is MoneyTab.BOOKS else None,
            "refused": refused,
            "said": said,
            "pays": person.may(Act.PAY_OUT),
            "approves": person.may(Act.APPROVE_MONEY),
        }
        return self._render.page("money/page.html", self.link, status, **facts)

    async def _decisions(self, business: Business) -> list[Decision]:
        store = self._books.store
        stuck = await store.payouts.find({"state": PayoutState.PERSON})
        refunds = await store.refunds.find({"awaits_approval": True})
        payees = [] if self._books.cashier is None else await self._books.cashier.payees.listed()
        unmatched = (await reconciliations(store)).unmatched
        language = language_here()
        return [
            *(_payout(payout, business) for payout in stuck),
            *map(_refund, refunds),
            *_proposals(payees, business),
            *(
                Decision(
                    "movement",
                    row.id,
                    row.kind,
                    times.money(Money(row.amount.amount, row.amount.currency), language),
                    "",
                    "",
                )
                for row in unmatched
            ),
        ]

    async def _owed(self, business: Business) -> list[Owed]:
        found = await self._books.store.payables.every({"state": {"$in": [PayableState.OPEN, PayableState.TAKEN]}})
        groups: dict[tuple[str, str], list[Payable]] = {}
        for payable in found:
            groups.setdefault((payable.payee, payable.share.currency), []).append(payable)
        language = language_here()
        lines: list[Owed] = []
        for (payee, currency), mine in sorted(groups.items()):
            due = [payable.due_at for payable in mine if payable.due_at is not None]
            moment = (
                times.short_moment(min(due), business.zone, language) if due else words.say("money.not_due", language)
            )
            amount = times.money(Money(sum(one.net.amount for one in mine), currency), language)
            lines.append(Owed(_whose(payee, business), amount, moment, len({one.reference for one in mine})))
        return lines


def _payout(known: Payout, business: Business) -> Decision:
    account = f"{known.destination.channel_code} {masked(known.destination.account_number)}"
    amount = times.money(known.amount, language_here())
    return Decision("payout", known.id, f"{_whose(known.payee, business)} · {account}", amount, known.reason or "", "")


def _refund(known: Refund) -> Decision:
    own = not known.may_be_approved_by(signed_in().id)
    amount = times.money(known.amount, language_here())
    return Decision("refund", known.id, known.reference, amount, "", ", ".join(known.ordered_by), own)


def _proposals(payees: Iterable[PayeeStanding], business: Business) -> list[Decision]:
    language = language_here()
    found: list[Decision] = []
    for payee in payees:
        waiting = payee.proposal
        if waiting is None:
            continue
        account = f"{waiting.destination.channel_code} {masked(waiting.destination.account_number)}"
        until = words.say(
            "money.in_effect", language, at=times.short_moment(waiting.effective_at, business.zone, language)
        )
        own = waiting.proposed_by == signed_in().id
        whose = f"{_whose(payee.payee, business)} → {account}"
        found.append(Decision("payee", payee.payee, whose, "", until, waiting.proposed_by, own))
    return found


def _whose(payee: str, business: Business) -> str:
    # the cashier knows them by kind and id
    name = payee.partition(":")[2] or payee
    provider, place = business.provider(name), business.place(name)
    known = provider or place
    return payee if known is None else known.name.say(language_here())
