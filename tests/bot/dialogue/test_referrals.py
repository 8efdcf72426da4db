"""Who sent a customer is remembered from the first message, if the business file knows the code; money follows it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.business import file
from bot.business.definition import Business
from bot.dialogue import referrals
from bot.dialogue.decide import decide
from bot.dialogue.payment_links import terms_of
from bot.domain.booking import Booking
from bot.domain.commands import RecordAudit, SendButtons
from bot.domain.contents import Text
from bot.domain.events import Event, LeadsMerged
from bot.domain.ids import EventId, LeadId
from bot.domain.lead import Lead
from bot.domain.outcome import Decision
from intents.understanding import Confidence, Intent
from payments.domain.money import Money
from payments.domain.splits import FeeBearer, Party
from payments.domain.terms import Terms
from tests.bot.business.makers import SAMPLE, problems_of, with_changes
from tests.bot.makers import HERE, NOW, context, meaning, wrote
from tests.bot.paying import SLOT, a_booking, a_customer, booked, chat

HIDDEN = Lead(LeadId("lead-2"))


def told(lead: Lead, event: Event) -> Decision:
    return decide(lead, event, replace(context(), now=event.at))


def first(*texts: str, intent: Intent = Intent.GREETING) -> Decision:
    return told(Lead(LeadId("lead-1"), HERE), wrote(meaning(intent), *(Text(text) for text in texts)))


CODES = [
    ("ref:NADIA", "NADIA"),
    ("Hello! ref: nadia, a massage please", "NADIA"),
    ("halo\nREF=nadia", "NADIA"),
    ("pref:NADIA", None),
    ("ref:NA", None),
    ("ref:" + "A" * 21, None),
    ("my reference is NADIA", None),
    ("", None),
]


@pytest.mark.parametrize(("text", "code"), CODES)
def test_a_code_is_found_where_it_stands_whole(text: str, code: str | None) -> None:
    assert referrals.code_in(text) == code


@given(st.text(max_size=100))
def test_any_text_is_taken(text: str) -> None:
    code = referrals.code_in(text)
    assert code is None or (code.isalnum() and 3 <= len(code) <= 20)
    assert referrals.code_in(referrals.without(text)) is None or code is not None


@pytest.mark.parametrize("texts", [("ref:nadia",), ("hello", "I come from ref:NADIA")])
def test_the_first_message_says_who_sent_them_and_it_is_on_record(texts: tuple[str, ...]) -> None:
    decision = first(*texts)
    assert decision.lead.referrer == "nadia"
    records = [one.command for one in decision.effects if isinstance(one.command, RecordAudit)]
    assert [(one.what, dict(one.facts)) for one in records if one.what == "referred"] == [
        ("referred", {"referrer": "nadia"})
    ]


def test_a_code_nobody_has_is_nobodys() -> None:
    assert first("ref:SOMEBODY").lead.referrer is None


def test_a_later_message_changes_nothing() -> None:
    lead = first("hello").lead
    assert told(lead, wrote(meaning(Intent.GREETING), Text("ref:NADIA"), event="m2")).lead.referrer is None


def test_a_bare_code_is_greeted_and_not_misunderstood() -> None:
    event = wrote(meaning(Intent.OOS, sure=Confidence.ASK_BACK), Text("ref:NADIA"))
    decision = told(Lead(LeadId("lead-1"), HERE), event)
    assert decision.lead.conversation.misunderstood == 0
    assert isinstance(chat(decision)[0].command, SendButtons)


def test_two_leads_that_are_one_person_keep_who_sent_them() -> None:
    event = LeadsMerged(EventId("merge"), NOW, replace(HIDDEN, referrer="nadia"))
    assert told(a_customer(), event).lead.referrer == "nadia"


# Whose money ---------------------------------------------------------------------------------------------------------


def shares(terms: Terms, price: int = 1_000_000) -> dict[Party, int]:
    shared = {one.party: one.amount.amount for one in terms.shares_of(Money(price, "IDR"))}
    assert sum(shared.values()) == price
    return shared


def drip(**changes: object) -> Booking:
    return replace(a_booking(service="iv-drip", chosen=replace(SLOT, provider="rawat")), **changes)  # type: ignore[arg-type]


def under(business: Business, booking: Booking) -> Terms:
    return terms_of(booking, replace(context(), business=business))


def test_the_referrer_gets_the_share_of_the_split() -> None:
    terms = terms_of(drip(referrer="nadia"), context())
    assert terms.payee_of(Party.REFERRING_AGENT) == "referrer:nadia"
    assert shares(terms) == {
        Party.PROVIDER: 750_000,
        Party.FACILITY: 125_000,
        Party.REFERRING_AGENT: 50_000,
        Party.PLATFORM: 75_000,
    }


def test_without_a_referrer_the_share_falls_to_the_platform() -> None:
    assert shares(terms_of(drip(), context()))[Party.PLATFORM] == 125_000


@pytest.mark.parametrize(("to", "party"), [("provider", Party.PROVIDER), ("place", Party.FACILITY)])
def test_or_to_whom_the_business_file_says(to: str, party: Party) -> None:
    fallback = ("  - id: percent\n    kind: percent", f"  - id: percent\n    fallback: {to}\n    kind: percent")
    terms = under(business_with(fallback), drip())
    whole = {Party.PROVIDER: 750_000, Party.FACILITY: 125_000, Party.PLATFORM: 75_000}
    assert shares(terms) == whole | {party: whole[party] + 50_000}


@pytest.mark.parametrize("bearer", list(FeeBearer))
def test_the_business_file_says_who_bears_the_fee(bearer: FeeBearer) -> None:
    said = (
        "  - id: percent\n    kind: percent",
        f"  - id: percent\n    gateway_fee_bearer: {bearer}\n    kind: percent",
    )
    assert under(business_with(said), drip()).fee_bearer is bearer
    assert terms_of(drip(), context()).fee_bearer is FeeBearer.PLATFORM


def test_a_party_that_is_not_there_itself_takes_no_share_of_another() -> None:
    fallback = ("  - id: percent\n    kind: percent", "  - id: percent\n    fallback: place\n    kind: percent")
    slot = replace(SLOT, provider="rawat", place=None)
    assert under(business_with(fallback), drip(chosen=slot)).fallback is Party.PLATFORM


def test_the_booking_keeps_who_sent_the_customer_when_its_money_is_asked_for() -> None:
    lead = replace(a_customer(a_booking()), referrer="nadia")
    assert booked(lead).lead.bookings[0].referrer == "nadia"
    gone = replace(a_customer(a_booking()), referrer="left-the-file")
    assert booked(gone).lead.bookings[0].referrer is None


def business_with(*changes: tuple[str, str]) -> Business:
    parsed = file.parse(with_changes(*changes), "business.yaml")
    assert isinstance(parsed, Business), parsed
    return parsed


REFERRERS = SAMPLE[SAMPLE.index("referrers:") : SAMPLE.index("sop:\n")]


def test_a_share_for_referrers_needs_referrers() -> None:
    (problem,) = problems_of((REFERRERS, "\n")).items
    assert (problem.path, problem.what) == ("splits[1].shares", "share with a referrer, but there is none")


def test_two_referrers_cannot_have_one_code() -> None:
    twin = REFERRERS.rstrip() + "\n  - { id: other, name: Other, code: NADIA }\n\n"
    (problem,) = problems_of((REFERRERS, twin)).items
    assert (problem.path, problem.what) == ("referrers[1].code", "`NADIA` stands twice in referrers")
