"""The store of money, on a real MongoDB, by both drivers: what is saved comes back, once, and loses no
race."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from payments.domain import payables, postings
from payments.domain.balance import BalanceGuard
from payments.domain.ids import PaymentKey, PayoutId, RefundId
from payments.domain.invoice import Invoice
from payments.domain.payout import Payout, PayoutPace, PayoutState, plan_payouts
from payments.domain.refund import plan_refund
from payments.domain.splits import FixedPayoutSplit
from payments.store.records import Database, Stale
from payments.store.store import Store
from tests.conftest import DRIVERS
from tests.payments.makers import NOON, account, idr, invoice, paid, row, terms
from tests.payments.sealing import TestCodec

pytestmark = [pytest.mark.mongo, pytest.mark.parametrize("database", DRIVERS, indirect=True)]


@pytest.fixture
async def store(database: Database) -> Store:
    """An empty store with its indexes."""
    made = Store(database, TestCodec())
    await made.index()
    return made


def shared() -> Invoice:
    """Paid, settled and shared out, over a sum that needs more than 32 bits."""
    due = 3_000_000_000
    under = terms(FixedPayoutSplit(idr(2_000_000_000), facility=6_500, platform=3_500))
    return invoice(due, under).apply(paid(due), NOON).settle((row(due),), NOON)


def payout() -> Payout:
    """A draft to the provider."""
    owed = payables.payables_of(shared())
    mine = account("provider-1")
    (draft,) = plan_payouts(owed, {mine.payee: mine}, {}, PayoutPace.DAILY, NOON + timedelta(days=9))
    return draft


async def test_an_invoice_comes_back_as_it_was(store: Store) -> None:
    saved = shared()
    assert await store.invoices.insert(saved)
    assert await store.invoices.load("BK1") == replace(saved, version=1)


async def test_a_second_insert_of_one_id_stores_nothing(store: Store) -> None:
    assert await store.invoices.insert(invoice())
    assert not await store.invoices.insert(invoice(due=1))
    kept = await store.invoices.load("BK1")
    assert kept is not None
    assert kept.due == idr(500_000)


async def test_a_save_over_a_newer_version_is_refused(store: Store) -> None:
    await store.invoices.insert(invoice())
    read = await store.invoices.load("BK1")
    assert read is not None
    await store.invoices.save(read.closed(NOON))
    with pytest.raises(Stale):
        await store.invoices.save(read.apply(paid(), NOON))


async def test_changes_made_at_once_all_happen(store: Store) -> None:
    await store.guards.insert(BalanceGuard("IDR"))
    names = [f"po-{number}" for number in range(10)]

    async def keep(name: str) -> None:
        await store.guards.change("IDR", lambda guard: guard.reserve(name, 100))

    await asyncio.gather(*(keep(name) for name in names))
    guard = await store.guards.load("IDR")
    assert guard is not None
    assert sorted(kept.transfer for kept in guard.reservations) == names


async def test_account_data_is_sealed_and_comes_back(store: Store, database: Database) -> None:
    await store.payouts.insert(payout())
    await store.payees.put(account("provider-1"))
    for name in ("payouts", "payees"):
        raw = await database.get_collection(name).find_one({})
        assert "1234567890" not in str(raw)
        assert "Ni Made" not in str(raw)
    kept = await store.payouts.load(payout().id)
    assert kept is not None
    assert kept.destination == account().destination


async def test_a_payee_s_new_account_replaces_the_old_one(store: Store) -> None:
    await store.payees.put(account(number="1"))
    await store.payees.put(account(number="2", name="2"))
    kept = await store.payees.load("provider-1")
    assert kept is not None
    assert kept.destination.account_number == "2"


async def test_a_posting_is_written_once_however_often(store: Store) -> None:
    written = postings.of_invoice(shared())
    for _ in range(3):
        await store.ledger.post(written)
    assert {p.key for p in await store.ledger.of("BK1")} == {p.key for p in written}
    assert len((await store.ledger.page("", 100)).records) == len(written)
    by_key = {posting.key: posting for posting in written}
    assert all(by_key[kept.key] == kept for kept in (await store.ledger.page("", 100)).records)


async def test_due_records_come_longest_due_first_and_only_when_due(store: Store) -> None:
    first, second = payout(), replace(payout(), id=PayoutId("po-2"), next_at=NOON - timedelta(hours=1))
    await store.payouts.insert(replace(first, next_at=NOON))
    await store.payouts.insert(second)
    await store.payouts.insert(replace(first, id=PayoutId("po-3"), next_at=NOON + timedelta(seconds=1)))
    await store.payouts.insert(replace(first, id=PayoutId("po-4"), next_at=None))
    assert [p.id for p in (await store.payouts.due_page(NOON)).records] == ["po-2", first.id]


async def test_waiting_payouts_are_woken_and_others_sleep_on(store: Store) -> None:
    later = NOON + timedelta(days=1)
    await store.payouts.insert(replace(payout(), state=PayoutState.WAITING_FUNDS, next_at=later))
    await store.payouts.insert(replace(payout(), id=PayoutId("po-2"), state=PayoutState.PERSON, next_at=later))
    await store.payouts.wake((PayoutState.WAITING_FUNDS,), NOON)
    assert [p.id for p in (await store.payouts.due_page(NOON)).records] == [payout().id]
    (woken,) = (await store.payouts.due_page(NOON)).records
    assert woken.next_at == NOON


async def test_a_payable_taken_by_one_payout_is_not_taken_by_another(store: Store) -> None:
    (owed, *_) = payables.payables_of(shared())
    await store.payables.insert(owed)

    async def take(name: str) -> str | None:
        taken = await store.payables.change(owed.id, lambda p: p.taken_by(PayoutId(name)))
        return taken.payout if taken else None

    assert len(set(await asyncio.gather(*(take(f"po-{n}") for n in range(6))))) == 1


async def test_a_refund_comes_back_as_it_was(store: Store) -> None:
    late = invoice().closed(NOON).apply(paid(), NOON).payments[0]
    made = plan_refund(RefundId("rf-1"), "BK1", late, invoice=None, amount=idr(500_000), now=NOON)
    await store.refunds.insert(made)
    assert await store.refunds.load("rf-1") == replace(made, version=1)
    assert made.payment == PaymentKey("BK1.1|qrpy_1")


@pytest.mark.new_database
async def test_an_index_that_gave_a_queue_no_order_makes_room_for_one_that_does(
    store: Store, database: Database
) -> None:
    invoices = database.get_collection("invoices")
    before = set(await invoices.index_information())
    await invoices.create_index([("dirty", 1)], sparse=True)
    await store.index()
    assert set(await invoices.index_information()) == before
    assert "dirty_1__id_1" in before
