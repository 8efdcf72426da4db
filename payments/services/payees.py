"""Payees and their bank accounts: first ones, proposals, confirmations, and what takes effect."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from payments.domain.alarm import AlarmKind, alarm_id
from payments.domain.ids import PayeeId
from payments.domain.money import Money, total
from payments.domain.payables import PayableState
from payments.domain.payee_notices import notice_of
from payments.domain.payees import BY_FILE, CHANGE_WAIT, AccountProposal, PayeeAccount, ProposalState
from payments.services.alarms import AlarmService
from payments.store.store import Store


@dataclass(frozen=True, slots=True)
class PayeeStanding:
    """A payee's account in effect, if any, and the one that waits."""

    payee: str
    account: PayeeAccount | None
    proposal: AccountProposal | None
    kept: tuple[Money, ...] = ()
    """The balance of who has no account: all shares that wait for one, a sum a currency."""


@dataclass(frozen=True, slots=True)
class Earnings:
    """What is theirs and has not arrived, a sum a currency."""

    waiting: tuple[Money, ...]
    """Not yet in a payout: not settled, not released, or without an account."""
    on_its_way: tuple[Money, ...]


async def earnings_of(store: Store, payees: Sequence[str]) -> Earnings:
    """What these payees have to get, together."""
    sums: dict[PayableState, tuple[Money, ...]] = {}
    for state in (PayableState.OPEN, PayableState.TAKEN):
        nets = [one.net for one in await store.payables.every({"state": state, "payee": {"$in": list(payees)}})]
        by_currency = [
            total((net for net in nets if net.currency == one), one) for one in sorted({n.currency for n in nets})
        ]
        sums[state] = tuple(known for known in by_currency if known.amount)
    return Earnings(sums[PayableState.OPEN], sums[PayableState.TAKEN])


class PayeeService:
    """Everything that changes where somebody is paid."""

    def __init__(self, store: Store, alarms: AlarmService, wait: timedelta = CHANGE_WAIT) -> None:
        self._store = store
        self._alarms = alarms
        self._wait = wait

    async def registered(self, accounts: Sequence[PayeeAccount], now: datetime) -> tuple[PayeeAccount, ...]:
        """A file's payees, looked up together: first accounts of those to whom nothing was ever sent are in effect (why
        says `propose`), and what stands there as it is known changes nothing. Back come the others, to be proposed each
        by itself."""
        names = [account.payee for account in accounts]
        stored = await self._store.payees.known(names)
        known = {one.payee: one for one in await self._store.payees.these(names)}
        waiting = await self._store.proposals.distinct(
            "payee", {"payee": {"$in": names}, "state": ProposalState.WAITING}
        )
        sent = await self._store.payouts.distinct("record.payee", _sent_to({"$in": names}))
        first = [one for one in accounts if one.payee not in {*stored, *waiting, *sent}]
        same = [
            one
            for one in accounts
            if one.payee not in waiting
            and (there := known.get(one.payee)) is not None
            and there.payout_account == one.payout_account
            and (there.contact is not None or one.contact is None)
        ]
        await self._store.payees.insert_all([replace(one, since=now) for one in first])
        # also of those who are the same: who inserted them may have died before this
        subjects = [alarm_id(AlarmKind.PAYEE_WITHOUT_ACCOUNT, one.payee) for one in (*first, *same)]
        for alarm in await self._store.alarms.these(subjects):
            await self._alarms.close(alarm.kind, alarm.subject, now)
        return tuple(one for one in accounts if one not in first and one not in same)

    async def propose(self, account: PayeeAccount, now: datetime, by: str = BY_FILE) -> None:
        """This payee should be paid there. Proposed again it changes nothing; payouts under way keep their account.

        The first account of a payee to whom nothing was ever sent is in effect at once: there is no former contact to
        warn and no habit that a change could abuse, and without it the first shares of every new provider would wait
        for days. Once anything was sent to a payee, an account that appears where none was is a change like any other.
        """
        current = await self._store.payees.load(account.payee)
        if current is not None and current.payout_account == account.payout_account:
            await self._withdraw(account.payee, now)
            # A first contact is kept; another one only with the next account, so that two edits of the file, one
            # after the other, cannot make the thief the one who is warned.
            if current.contact is None and account.contact is not None:
                await self._store.payees.change(current.payee, lambda known: replace(known, contact=account.contact))
            return
        if current is None and not await self._store.payouts.every(_sent_to(account.payee)):
            await self._store.payees.insert(replace(account, since=now))
            await self._alarms.close(AlarmKind.PAYEE_WITHOUT_ACCOUNT, account.payee, now)
            return
        fresh = AccountProposal(
            account.payee,
            account.payout_account,
            account.destination,
            by,
            now,
            now + self._wait,
            contact=account.contact,
        )
        # The id follows from payee and account: proposed again it waits on, and not from the start.
        stored: AccountProposal | None = fresh
        if not await self._store.proposals.insert(fresh):
            stored = await self._store.proposals.change(fresh.id, lambda known: known.proposed_again(fresh))
        # One notice per proposal, whatever process dies here: its id is the proposal's moment, and each start of a
        # process proposes again what the file says.
        if current is not None and current.contact is not None and stored is not None:
            await self._store.payee_notices.insert(notice_of(stored, current.contact))
        await self._withdraw(account.payee, now, but=fresh.id)
        await self._alarms.open(
            AlarmKind.PAYOUT_ACCOUNT_PROPOSED, account.payee, now, ("effective_at", fresh.effective_at.isoformat())
        )

    async def _withdraw(self, payee: str, now: datetime, but: str | None = None) -> None:
        waiting = await self._store.proposals.every({"payee": payee, "state": ProposalState.WAITING})
        for proposal in waiting:
            if proposal.id != but:
                await self._store.proposals.change(proposal.id, lambda known: known.withdrawn())
        if but is None and waiting:
            await self._alarms.close(AlarmKind.PAYOUT_ACCOUNT_PROPOSED, payee, now)

    async def advance(self, proposal: AccountProposal, now: datetime) -> None:
        """The wait is over, or somebody has said yes: the payee is paid there from now on."""
        known = await self._store.proposals.change(proposal.id, lambda stored: stored.due(now))
        if known is None or known.state is not ProposalState.IN_EFFECT or known.applied:
            return
        # Decided under the proposal's version, so that one withdrawn at this moment is not written; dying here, the
        # next sweep writes it.
        await self._store.payees.put(known.account())
        await self._alarms.close(AlarmKind.PAYOUT_ACCOUNT_PROPOSED, proposal.payee, now)
        await self._alarms.close(AlarmKind.PAYEE_WITHOUT_ACCOUNT, proposal.payee, now)
        by = proposal.confirmed_by or "the wait is over"
        subject = f"{proposal.id}|{proposal.proposed_at.isoformat()}"
        await self._alarms.open(AlarmKind.PAYOUT_ACCOUNT_CHANGED, subject, now, ("payee", proposal.payee), ("by", by))
        await self._store.proposals.change(proposal.id, lambda stored: replace(stored, applied=True))

    async def confirm(self, payee: str, by: str, now: datetime, *, dry_run: bool = False) -> AccountProposal | None:
        """A second person's yes to the account that waits, none where none waits; raises NeedsAnother for whoever
        proposed it."""
        waiting = await self._store.proposals.every({"payee": payee, "state": ProposalState.WAITING})
        if not waiting:
            return None
        confirmed = waiting[-1].confirmed(by, now)
        if dry_run:
            return confirmed
        stored = await self._store.proposals.change(confirmed.id, lambda known: known.confirmed(by, now))
        if stored is not None:
            await self.advance(stored, now)
            stored = await self._store.proposals.load(stored.id)
        return stored

    async def listed(self) -> tuple[PayeeStanding, ...]:
        """Everybody who is paid, or is to be; who has no account with what is kept for them."""
        accounts = {account.payee: account for account in await self._store.payees.every({})}
        waiting = {p.payee: p for p in await self._store.proposals.every({"state": ProposalState.WAITING})}
        owed = {str(payee) for payee in await self._store.payables.distinct("payee", {"state": PayableState.OPEN})}
        kept = {payee: await self.kept_for(payee) for payee in owed - set(accounts)}
        return tuple(
            PayeeStanding(payee, accounts.get(PayeeId(payee)), waiting.get(PayeeId(payee)), kept.get(payee, ()))
            for payee in sorted({*accounts, *waiting, *kept})
        )

    async def kept_for(self, payee: str) -> tuple[Money, ...]:
        """What we owe a payee and have not taken into a payout, a sum a currency; nothing where it comes to nothing."""
        nets = [
            payable.net for payable in await self._store.payables.every({"state": PayableState.OPEN, "payee": payee})
        ]
        sums = [total((net for net in nets if net.currency == one), one) for one in sorted({n.currency for n in nets})]
        return tuple(known for known in sums if known.amount)


def _sent_to(payee: Any) -> dict[str, Any]:
    # A void payout sent nothing: it does not count as a payment that a change could divert.
    return {"record.payee": payee, "state": {"$ne": "void"}}
