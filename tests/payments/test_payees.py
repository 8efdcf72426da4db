"""Where somebody is paid changes after a wait or by a second person's yes, never by a file alone."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from payments.domain.alarm import AlarmKind
from payments.domain.errors import PermanentError, TemporaryError
from payments.domain.ids import PayableId, PayoutId
from payments.domain.payee_notices import MOST_TRIES, NoticeState, PayeeNotice
from payments.domain.payees import CHANGE_WAIT, NeedsAnother, PayeeAccount, PayeeContact, ProposalState
from payments.domain.payout import Payout, PayoutLine, PayoutState
from payments.domain.splits import Party
from payments.services.alarms import AlarmService
from payments.services.payee_notices import PayeeNoticeService
from payments.services.payees import PayeeService
from payments.store.records import Database
from payments.store.store import Store
from tests.payments.house import house
from tests.payments.makers import NOON, account, idr, payable
from tests.payments.sealing import TestCodec

pytestmark = pytest.mark.mongo

FIRST, SECOND, THIRD = account(name="1"), account(number="2222222222", name="2"), account(number="3333333333", name="3")
LATER = NOON + CHANGE_WAIT


class Desk:
    """The service over a real database."""

    def __init__(self, database: Database) -> None:
        self.store = Store(database, TestCodec())
        self.alarms = AlarmService(self.store)
        self.payees = PayeeService(self.store, self.alarms)

    async def paid_at(self) -> PayeeAccount | None:
        known = await self.store.payees.load("provider-1")
        return None if known is None else replace(known, version=0, since=None)

    async def sweep(self, now: datetime) -> None:
        for proposal in (await self.store.proposals.due_page(now)).records:
            await self.payees.advance(proposal, now)

    async def open_kinds(self) -> set[AlarmKind]:
        return {alarm.kind for alarm in await self.alarms.listed()}


@pytest.fixture
async def desk(database: Database) -> Desk:
    made = Desk(database)
    await made.store.index()
    return made


async def test_the_first_account_of_somebody_never_paid_counts_at_once(desk: Desk) -> None:
    await desk.payees.propose(FIRST, NOON)
    assert await desk.paid_at() == FIRST
    assert await desk.open_kinds() == set()


async def test_an_account_that_appears_for_somebody_already_paid_waits(desk: Desk) -> None:
    line = PayoutLine(PayableId("p"), "BK1", Party.PROVIDER, idr(100))
    sent = Payout(
        id=PayoutId("po-1"),
        payee=FIRST.payee,
        payout_account=FIRST.payout_account,
        destination=FIRST.destination,
        currency="IDR",
        lines=(line,),
        made_at=NOON,
        state=PayoutState.SUCCEEDED,
    )
    await desk.store.payouts.insert(sent)
    await desk.payees.propose(FIRST, NOON)
    assert await desk.paid_at() is None
    await desk.sweep(LATER)
    assert await desk.paid_at() == FIRST


async def test_payees_of_a_file_are_looked_up_together_and_only_what_differs_is_proposed(
    desk: Desk, database: Database
) -> None:
    new, same, other, told, late = (
        account(payee=f"provider-{name}") for name in ("new", "same", "other", "told", "late")
    )
    broken = account(payee="provider-broken")
    for known in (same, replace(other, payout_account=SECOND.payout_account), told, late, broken):
        await desk.payees.propose(known, NOON)
    await desk.payees.propose(replace(late, payout_account=SECOND.payout_account), NOON)
    await database.get_collection("payees").update_one({"_id": broken.payee}, {"$set": {"record.account": 7}})
    # of one a process died before it ended the alarm
    for payee in (new.payee, same.payee):
        await desk.alarms.open(AlarmKind.PAYEE_WITHOUT_ACCOUNT, payee, NOON)
    file = (new, same, other, replace(told, contact=WAYAN), late, broken)
    rest = await desk.payees.registered(file, LATER)
    # an account that is another, a contact that was not known, one whose change waits and is taken back, and no record
    assert {one.payee for one in rest} == {"provider-other", "provider-told", "provider-late", "provider-broken"}
    there = await desk.store.payees.load(new.payee)
    assert there is not None
    assert replace(there, version=0) == replace(new, since=LATER)
    kept = await desk.store.payees.load(same.payee)
    assert kept is not None
    assert kept.since == NOON
    assert await desk.open_kinds() == {AlarmKind.PAYOUT_ACCOUNT_PROPOSED}
    assert {one.payee for one in await desk.payees.registered(file, LATER)} == {one.payee for one in rest}


async def test_among_the_payees_of_a_file_whom_was_sent_something_is_proposed(desk: Desk) -> None:
    line = PayoutLine(PayableId("p"), "BK1", Party.PROVIDER, idr(100))
    for number, state in enumerate((PayoutState.SUCCEEDED, PayoutState.VOID)):
        await desk.store.payouts.insert(
            Payout(
                id=PayoutId(f"po-{number}"),
                payee=account(payee=f"provider-{state}").payee,
                payout_account=FIRST.payout_account,
                destination=FIRST.destination,
                currency="IDR",
                lines=(line,),
                made_at=NOON,
                state=state,
            )
        )
    sent, void = account(payee=f"provider-{PayoutState.SUCCEEDED}"), account(payee=f"provider-{PayoutState.VOID}")
    assert await desk.payees.registered((sent, void), NOON) == (sent,)


async def test_another_account_waits_and_the_former_contact_is_noted(desk: Desk) -> None:
    await desk.payees.propose(FIRST, NOON)
    await desk.payees.propose(SECOND, NOON)
    assert await desk.open_kinds() == {AlarmKind.PAYOUT_ACCOUNT_PROPOSED}
    for start in (timedelta(hours=1), timedelta(hours=71)):
        await desk.payees.propose(SECOND, NOON + start)  # every start of a process proposes it again
        await desk.sweep(NOON + start)
        assert await desk.paid_at() == FIRST
    await desk.sweep(LATER)
    assert await desk.paid_at() == SECOND
    assert await desk.open_kinds() == {AlarmKind.PAYOUT_ACCOUNT_CHANGED}


async def test_a_second_person_makes_it_count_and_the_proposer_cannot(desk: Desk) -> None:
    await desk.payees.propose(FIRST, NOON)
    await desk.payees.propose(SECOND, NOON, by="Dewi")
    with pytest.raises(NeedsAnother):
        await desk.payees.confirm("provider-1", "Dewi", NOON)
    with pytest.raises(NeedsAnother):
        await desk.payees.confirm("provider-1", " ", NOON)
    planned = await desk.payees.confirm("provider-1", "Made", NOON, dry_run=True)
    assert planned is not None
    assert await desk.paid_at() == FIRST
    done = await desk.payees.confirm("provider-1", "Made", NOON)
    assert done is not None
    assert (done.state, done.confirmed_by) == (ProposalState.IN_EFFECT, "Made")
    assert await desk.paid_at() == SECOND
    assert await desk.payees.confirm("provider-1", "Made", NOON) is None


async def test_a_file_that_is_put_right_again_withdraws_what_it_proposed(desk: Desk) -> None:
    await desk.payees.propose(FIRST, NOON)
    await desk.payees.propose(SECOND, NOON)
    await desk.payees.propose(FIRST, NOON + timedelta(hours=1))
    await desk.sweep(LATER)
    assert await desk.paid_at() == FIRST
    assert await desk.open_kinds() == set()
    # proposed once more it waits once more, from then on
    await desk.payees.propose(SECOND, LATER)
    await desk.sweep(LATER + timedelta(hours=71))
    assert await desk.paid_at() == FIRST
    await desk.sweep(LATER + CHANGE_WAIT)
    assert await desk.paid_at() == SECOND


async def test_the_latest_of_several_proposals_is_the_one_that_counts(desk: Desk) -> None:
    for known in (FIRST, SECOND, THIRD):
        await desk.payees.propose(known, NOON)
    await desk.sweep(LATER)
    assert await desk.paid_at() == THIRD
    assert len(await desk.store.proposals.find({"state": ProposalState.WITHDRAWN})) == 1


async def test_dying_between_decision_and_account_is_made_good_by_the_next_sweep(desk: Desk) -> None:
    await desk.payees.propose(FIRST, NOON)
    await desk.payees.propose(SECOND, NOON)
    (waiting,) = await desk.store.proposals.every({})
    await desk.store.proposals.change(waiting.id, lambda known: known.due(LATER))
    assert await desk.paid_at() == FIRST
    await desk.sweep(LATER)
    assert await desk.paid_at() == SECOND


WAYAN, THIEF = PayeeContact("+6281200000101", "id"), PayeeContact("+6281299999999", "en")


async def test_who_alters_contact_and_account_is_not_the_one_who_is_warned(desk: Desk) -> None:
    await desk.payees.propose(replace(FIRST, contact=WAYAN), NOON)
    await desk.payees.propose(replace(FIRST, contact=THIEF), NOON)  # first the number, a day later the account
    for _ in range(3):  # every start of a process proposes it again
        await desk.payees.propose(replace(SECOND, contact=THIEF), NOON + timedelta(days=1))
    (notice,) = await desk.store.payee_notices.every({})
    assert (notice.contact, notice.ending, notice.effective_at) == (WAYAN, "2222", NOON + timedelta(days=4))
    await desk.sweep(NOON + timedelta(days=4))
    await desk.payees.propose(replace(THIRD, contact=WAYAN), NOON + timedelta(days=5))
    assert {n.contact for n in await desk.store.payee_notices.every({})} == {WAYAN, THIEF}


async def test_a_payee_of_before_contacts_were_kept_gets_the_first_one_named(desk: Desk) -> None:
    await desk.payees.propose(FIRST, NOON)
    await desk.payees.propose(replace(FIRST, contact=WAYAN), NOON)
    await desk.payees.propose(SECOND, NOON)
    (notice,) = await desk.store.payee_notices.every({})
    assert notice.contact == WAYAN


class Courier:
    """A messenger that answers as the test wants it to."""

    def __init__(self, *answers: Exception | None) -> None:
        self.answers = list(answers)
        self.told: list[PayeeNotice] = []

    async def tell(self, notice: PayeeNotice) -> None:
        self.told.append(notice)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer is not None:
            raise answer


@pytest.mark.parametrize("answer", [PermanentError("unreachable"), TemporaryError("template_refused")])
async def test_a_contact_who_cannot_be_told_is_a_persons_case(desk: Desk, answer: Exception) -> None:
    await desk.payees.propose(replace(FIRST, contact=WAYAN), NOON)
    await desk.payees.propose(SECOND, NOON)
    courier, now = Courier(answer), NOON
    notices = PayeeNoticeService(desk.store, desk.alarms, courier)
    while due := (await desk.store.payee_notices.due_page(now)).records:
        await notices.advance(due[0], now)
        assert len(courier.told) <= MOST_TRIES
        now += timedelta(hours=6)
    (notice,) = await desk.store.payee_notices.every({})
    assert notice.state is NoticeState.FAILED
    assert AlarmKind.PAYEE_NOT_TOLD in await desk.open_kinds()


async def test_a_notice_that_did_not_leave_is_sent_later_and_once(desk: Desk) -> None:
    await desk.payees.propose(replace(FIRST, contact=WAYAN), NOON)
    await desk.payees.propose(SECOND, NOON)
    courier = Courier(TemporaryError("not sent"), None)
    notices = PayeeNoticeService(desk.store, desk.alarms, courier)
    for hours in range(5):
        now = NOON + timedelta(hours=hours)
        for notice in (await desk.store.payee_notices.due_page(now)).records:
            await notices.advance(notice, now)
    assert len(courier.told) == 2
    assert AlarmKind.PAYEE_NOT_TOLD not in await desk.open_kinds()


async def test_the_contact_of_a_notice_is_sealed(desk: Desk, database: Database) -> None:
    await desk.payees.propose(replace(FIRST, contact=WAYAN), NOON)
    await desk.payees.propose(SECOND, NOON)
    for name in ("payees", "payee_notices"):
        document = await database.get_collection(name).find_one({})
        assert WAYAN.phone not in str(document)
    assert WAYAN.phone not in repr(await desk.store.payee_notices.every({}))


async def test_a_proposed_account_is_sealed(desk: Desk, database: Database) -> None:
    await desk.payees.propose(FIRST, NOON)
    await desk.payees.propose(SECOND, NOON)
    document = await database.get_collection("payee_proposals").find_one({})
    assert "2222222222" not in str(document)
    assert "2222222222" not in repr(await desk.store.proposals.every({}))


async def test_a_payee_who_owes_us_for_a_month_is_a_persons_case(database: Database) -> None:
    async with house(database) as world:
        now = await world.now()
        debt = replace(payable("debt", net=-50_000), settled_at=now, release_at=now)
        await world.store.payables.insert(debt)
        for days in (0, 29):
            await world.cashier.payouts.make(now + timedelta(days=days))
            assert await world.cashier.alarms.listed() == ()
        await world.cashier.payouts.make(now + timedelta(days=30))
        (alarm,) = await world.cashier.alarms.listed()
        assert (alarm.kind, alarm.subject) == (AlarmKind.PAYEE_BELOW_ZERO, "provider-1:IDR")
        await world.store.payables.insert(replace(payable("gain", net=80_000), settled_at=now, release_at=now))
        await world.cashier.payouts.make(now + timedelta(days=31))
        assert await world.cashier.alarms.listed() == ()
        (payout,) = await world.store.payouts.find({})
        assert payout.amount == idr(30_000)
