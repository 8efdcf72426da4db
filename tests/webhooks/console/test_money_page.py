"""Money that waits for a person, decided through the page: under one's own name, with a reason, by whoever may."""

import pytest

from bot.domain.users import Role
from payments.domain.payout import DecisionKind, PayoutState
from tests.journeys import payments as p
from tests.journeys.world import World
from tests.webhooks.console.people import colleague

pytestmark = [pytest.mark.mongo, pytest.mark.timeout(240)]


async def paid(world: World) -> str:
    """A booking that is paid."""
    phone = await world.phone("Emma", wa_id="6281200000083")
    await phone.say(p.WISH)
    await phone.expect("Tap one", timeout=60)
    await phone.say("the first")
    await phone.expect("Please confirm", timeout=60)
    await phone.tap("Yes, book it")
    reference = p.reference_in(await phone.expect("Please pay by", kind="cta_url", timeout=60))
    await p.pay(world, f"{reference}.1")
    await phone.expect("Paid and confirmed", timeout=60)
    return reference


async def test_a_stuck_payout_is_retried_and_voided_through_the_page(world: World) -> None:
    reference = await paid(world)
    payouts = p.money_of(world).store.payouts
    await world.told("POST", "/xendit/failures", {"payouts": ["INVALID_DESTINATION"]})
    await p.days_go_by(world, 5)
    (stuck,) = await payouts.find({"state": PayoutState.PERSON})
    way = f"/money/payouts/{stuck.id}"
    name, business = stuck.payee.partition(":")[2], world.process.business
    party = business.provider(name) or business.place(name)
    assert party is not None, stuck.payee
    async with colleague(world.process, world.url, "Rina", Role.SUPPORT) as support:
        # who sees money and does not pay out reads it, and has no button
        page = (await support.get("/money")).text
        assert party.name.say("en") in page
        assert way not in page
        assert (await support.post(f"{way}/retry")).status_code == 403
    async with colleague(world.process, world.url, "Putu", Role.FINANCE) as finance:
        page = (await finance.get("/money")).text
        assert f'action="/console{way}/retry?tab=decide"' in page
        assert f'action="/console{way}/void?tab=decide"' in page
        assert "INVALID_DESTINATION" in page
        assert stuck.destination.account_number not in page
        # the page of another site, or of another session, decides nothing
        forged = await finance.browser.post(f"/console{way}/retry", data={"csrf": "0" * 64})
        assert forged.status_code == 403
        await world.told("POST", "/xendit/failures", {"payouts": ["INVALID_DESTINATION"]})
        done = await finance.post(f"{way}/retry")
        assert (done.status_code, "Done" in done.text) == (200, True), done.text
        twice = await finance.post(f"{way}/retry")
        assert (twice.status_code, "Only a payout that waits for a person is sent again." in twice.text) == (409, True)
        # it fails once more, and is given up: with a reason, which stands on record
        await p.days_go_by(world, 1)
        assert (await payouts.load(stuck.id)).state is PayoutState.PERSON  # type: ignore[union-attr]
        for reason in ("", "   "):
            refused = await finance.post(f"{way}/void", reason=reason)
            assert (refused.status_code, "A reason is needed" in refused.text) == (422, True)
        assert (await payouts.load(stuck.id)).state is PayoutState.PERSON  # type: ignore[union-attr]
        assert (await finance.post(f"{way}/void", reason="the account is closed")).status_code == 200
        again = await finance.post(f"{way}/void", reason="once more")
        assert (again.status_code, "It has ended." in again.text) == (409, True)
        nothing = await finance.post("/money/payouts/po-nothing/void", reason="x")
        assert (nothing.status_code, "somebody was first" in nothing.text) == (409, True)
        assert way not in (await finance.get("/money")).text
        given_up = await payouts.load(stuck.id)
        assert given_up is not None
        assert given_up.state is PayoutState.VOID
        assert [(one.kind, one.by, one.reason) for one in given_up.decisions] == [
            (DecisionKind.RETRY, finance.id, None),
            (DecisionKind.VOID, finance.id, "the account is closed"),
        ]
    # what it stood for is owed again, and paid by another one
    await p.days_go_by(world, 2)
    (books,) = (await p.books(world, reference)).books
    assert (books.paid_out, books.held) == (315_000, 0)
    await p.agrees(world)
