"""What staff asked about a change and what came of it, as facts of the audit, and the quote back out of them.

The API reads its answer here: a call whose process died is answered from what was done, and two calls at the same
moment each read what became of their own.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from bot.dialogue.changes import telling
from bot.domain.booking import Booking
from bot.domain.change import Bearer, Change, ChangeQuote, RefundWay
from bot.domain.events import StaffAsked
from bot.domain.outcome import Outcome
from bot.domain.policy_sentence import PolicyClause, PolicySentence
from payments.domain.money import Money

CHANGE_ASKED: Final = "change_asked"
"""Staff began a change; with its quote."""
CHANGE_AGREED: Final = "change_agreed"
"""Staff said yes to a quote that held."""
CHANGE_OUTDATED: Final = "change_outdated"
"""Staff said yes to a quote that held no more; with the new one."""
CHANGE_WITHDRAWN: Final = "change_withdrawn"
_SUMS: Final = ("price_before", "price_after", "fee", "keep", "paid", "to_pay", "to_refund")


def recorded(outcome: Outcome, what: str, event: StaffAsked, booking: Booking, change: Change) -> Outcome:
    """The outcome with what this request came to, who made it, in which role and why."""
    facts = {
        "booking": str(booking.reference),
        "change": change.id,
        "kind": change.kind.value,
        "cause": change.cause.value,
        "person": event.fact("person") or event.by,
        "role": event.fact("role") or event.by,
        "reason": event.fact("reason") or change.reason,
    }
    facts |= {f"asked_{name}": value for name in ("fee", "refund") if (value := event.fact(name)) is not None}
    if change.override is not None:
        facts |= {"override": change.override.reason, "overridden": " ".join(change.override.of_time)}
    facts |= {"told": "edited"} if event.fact(telling.WORDS) else {}
    facts |= {} if change.quote is None else quote_facts(change.quote)
    return outcome.recording(what, event.by, event.at, **facts)


def quote_facts(quote: ChangeQuote) -> dict[str, str]:
    """A quote as facts; what it does not name is left out."""
    policy = quote.policy
    facts = {name: str(getattr(quote, name).amount) for name in _SUMS}
    facts |= {} if quote.to_credit is None else {"to_credit": str(quote.to_credit.amount)}
    facts |= {
        "currency": quote.paid.currency,
        "quote": str(quote.number),
        "by_way": quote.by_way.value,
        "borne_by": quote.borne_by.value,
        "valid_until": quote.valid_until.isoformat(),
        "business_version": quote.business_version,
        "apology": "yes" if quote.apology else "no",
        "policy": policy.clause.value,
    }
    named = {
        "policy_percent": policy.percent,
        "policy_nights": policy.nights,
        "policy_amount": None if policy.amount is None else policy.amount.amount,
        "policy_until": None if policy.until is None else policy.until.isoformat(),
    }
    return facts | {name: str(value) for name, value in named.items() if value is not None}


def quote_in(facts: Mapping[str, str]) -> ChangeQuote | None:
    """The quote that these facts are of; none where they name none."""
    if "quote" not in facts:
        return None
    currency = facts["currency"]
    sums = {name: Money(int(facts[name]), currency) for name in _SUMS}
    percent, nights = facts.get("policy_percent"), facts.get("policy_nights")
    amount, until = facts.get("policy_amount"), facts.get("policy_until")
    return ChangeQuote(
        number=int(facts["quote"]),
        **sums,
        by_way=RefundWay(facts["by_way"]),
        borne_by=Bearer(facts["borne_by"]),
        policy=PolicySentence(
            PolicyClause(facts["policy"]),
            None if percent is None else int(percent),
            None if nights is None else int(nights),
            None if amount is None else Money(int(amount), currency),
            None if until is None else datetime.fromisoformat(until),
        ),
        valid_until=datetime.fromisoformat(facts["valid_until"]),
        business_version=facts["business_version"],
        apology=facts["apology"] == "yes",
        to_credit=Money(int(facts["to_credit"]), currency) if "to_credit" in facts else None,
    )
