"""What a partner hears of their money, once, and what they say where a sum is wrong."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.business.context import Context
from bot.business.words import WordLanguage
from bot.dialogue.partners.decide import decide
from bot.dialogue.partners.money import LONGEST
from bot.domain.commands import SendButtons, SendTemplate
from bot.domain.contents import Reaction
from bot.domain.ids import EventId
from bot.domain.outcome import Decided
from bot.domain.partner import ANSWERS_WITHIN, Consent, PaidOut, Partner, PartnerAsk
from bot.domain.partner_events import DigestTold, EarningsFound, MoneyDisputed, PayoutTold, SpokeAsGuest
from bot.domain.partner_orders import DisputeMoney, FindEarnings
from bot.replies import earnings as words
from bot.replies.partner import MONEY_TAP
from bot.store.shapes import pack_partner, unpack_partner
from payments.domain.money import Money
from tests.bot.dialogue.partners.makers import a_partner, said, tapped, wrote
from tests.bot.dialogue.partners.test_places import CLEANING
from tests.bot.makers import NOW, context

AYU = "+6281200000201"
SUM = Money(250_000, "IDR")
ARRIVED = PaidOut("PO-1", SUM, "7890")
BACK = replace(ARRIVED, came_back=True)


def told(
    partner: Partner, paid: PaidOut = ARRIVED, payee: str = "provider:ayu", at: Context | None = None
) -> Decided[Partner]:
    here = at or context()
    return decide(partner, PayoutTold(EventId(f"internal:payout_told:{paid.payout}"), here.now, payee, paid), here)


def ayu(**more: object) -> Partner:
    """The therapist, who wrote an hour ago."""
    there = replace(a_partner(AYU), consent=Consent.GIVEN, last_inbound_at=NOW - timedelta(hours=1))
    return replace(there, **more)  # type: ignore[arg-type]


def away() -> Partner:
    return ayu(last_inbound_at=NOW - timedelta(hours=30))


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", "We have paid you IDR 250,000"), ("id", "IDR 250.000 sudah kami transfer"), ("vi", "Bên mình đã chuyển")],
)
def test_a_payout_that_has_arrived_is_told_within_their_24_hours(language: str, expected: str) -> None:
    here = context()
    providers = tuple(
        replace(one, contact=replace(one.contact, language=WordLanguage(language))) if one.id == "ayu" else one
        for one in here.business.providers
    )
    here = replace(here, business=replace(here.business, providers=providers))
    decided = told(ayu(), at=here)
    assert expected in said(decided)
    assert "7890" in said(decided)
    assert decided.thread.paid_out == ()
    assert not [effect for effect in decided.effects if isinstance(effect.command, SendTemplate)]


def test_outside_their_24_hours_it_waits_for_their_next_word_and_is_told_once() -> None:
    waits = told(away())
    assert waits.effects == ()
    assert waits.thread.paid_out == (ARRIVED,)
    assert unpack_partner(pack_partner(waits.thread)) == waits.thread
    # told again it waits once; a second one waits with it
    both = told(told(waits.thread).thread, replace(ARRIVED, payout="PO-2", amount=Money(65_000, "IDR"))).thread
    assert len(both.paid_out) == 2
    heard = decide(both, wrote("halo"), context())
    assert "250.000" in said(heard)
    assert "65.000" in said(heard)
    assert heard.thread.paid_out == ()
    assert "250.000" not in said(decide(heard.thread, wrote("halo", "2"), context()))


def test_a_word_to_the_other_thread_of_theirs_opens_it_too_and_a_reaction_is_no_word() -> None:
    waits = told(away()).thread
    spoke = decide(waits, SpokeAsGuest(EventId("g"), NOW), context())
    assert "250.000" in said(spoke)
    assert spoke.thread.paid_out == ()
    assert decide(waits, wrote(Reaction("wamid-9", "👍")), context()).thread.paid_out == waits.paid_out


def test_it_is_told_with_the_digest_that_goes_out_anyway_and_is_no_reason_for_one() -> None:
    waits = told(away()).thread
    tomorrow = (NOW + timedelta(days=1)).date()
    empty = decide(waits, DigestTold(EventId("d"), NOW, tomorrow), context())
    assert (empty.effects, empty.thread.paid_out) == ((), waits.paid_out)
    decided = decide(waits, DigestTold(EventId("d"), NOW, tomorrow, (replace(CLEANING),)), context())
    (digest,) = [effect.command for effect in decided.effects]
    assert isinstance(digest, SendButtons)
    assert "250.000" in digest.body
    # also where it goes as a template
    assert digest.outside is not None
    assert "250.000" in repr(digest.outside)
    assert decided.thread.paid_out == ()


def test_however_much_there_is_to_do_the_template_says_that_they_were_paid() -> None:
    waits = told(away()).thread
    many = tuple(replace(CLEANING, task=f"BK-{number}:clean:1") for number in range(40))
    decided = decide(waits, DigestTold(EventId("d"), NOW, (NOW + timedelta(days=1)).date(), many), context())
    (digest,) = [effect.command for effect in decided.effects]
    assert isinstance(digest, SendButtons)
    assert "250.000" in repr(digest.outside)


def test_what_came_back_is_said_as_it_is_and_takes_the_place_of_what_was_not_told_yet() -> None:
    assert "dikembalikan bank" in said(told(ayu(), BACK))
    waits = told(told(away()).thread, BACK).thread
    assert waits.paid_out == (BACK,)
    heard = said(decide(waits, wrote("halo"), context()))
    assert "dikembalikan bank" in heard
    assert "sudah kami transfer" not in heard


@pytest.mark.parametrize("how", ["locked", "refused", "another's", "left"])
def test_who_is_not_written_to_or_is_not_paid_by_that_name_hears_nothing(how: str) -> None:
    partner = ayu(is_locked=how == "locked", consent=Consent.REFUSED if how == "refused" else Consent.GIVEN)
    partner = replace(partner, phone="+6281200000999") if how == "left" else partner
    decided = told(partner, payee="provider:komang" if how == "another's" else "provider:ayu")
    assert (decided.effects, decided.thread.paid_out) == ((), ())


def test_one_tap_under_my_money_asks_what_is_wrong_and_the_next_words_go_to_a_person() -> None:
    found = decide(ayu(), EarningsFound(EventId("e"), NOW, (SUM,), ()), context())
    (shown,) = [effect.command for effect in found.effects]
    assert isinstance(shown, SendButtons)
    (wrong,) = shown.buttons
    asked = decide(found.thread, tapped(wrong.id), context())
    assert "Yang salah apanya" in said(asked)
    assert asked.thread.question is not None
    assert asked.thread.question.about is PartnerAsk.SUM
    answered = decide(asked.thread, wrote("BK-1 seharusnya 300 ribu " + "x" * 400, "2"), context())
    (order,) = [effect.command for effect in answered.effects]
    assert isinstance(order, DisputeMoney)
    assert (order.phone, order.payout, len(order.words)) == (AYU, None, LONGEST)
    assert answered.thread.question is None
    noted = decide(answered.thread, MoneyDisputed(EventId("done:x"), NOW, (SUM,)), context())
    assert "tim kami cek dulu ya (IDR 250.000)" in said(noted)


def test_under_a_payout_it_is_about_that_payout() -> None:
    decided = told(ayu())
    (shown,) = [effect.command for effect in decided.effects]
    assert isinstance(shown, SendButtons)
    assert [one.id for one in shown.buttons] == [MONEY_TAP, f"{words.WRONG_TAP}:PO-1"]
    asked = decide(decided.thread, tapped(shown.buttons[1].id), context())
    (order,) = [effect.command for effect in decide(asked.thread, wrote("kurang 50 ribu", "2"), context()).effects]
    assert order == DisputeMoney(AYU, "kurang 50 ribu", "PO-1")


def test_what_is_no_words_is_asked_for_again_and_who_does_something_else_complains_of_nothing() -> None:
    asked = decide(ayu(), tapped(words.WRONG_TAP), context()).thread
    (effect,) = decide(asked, tapped(MONEY_TAP), context()).effects
    assert effect.command == FindEarnings(AYU)
    (effect,) = decide(asked, wrote("uang saya"), context()).effects
    assert effect.command == FindEarnings(AYU)
    late = replace(context(), now=NOW + ANSWERS_WITHIN + timedelta(minutes=1))
    words_then = replace(wrote("halo"), at=late.now)
    assert not [one for one in decide(asked, words_then, late).effects if isinstance(one.command, DisputeMoney)]
