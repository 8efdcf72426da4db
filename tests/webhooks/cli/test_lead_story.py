"""The story of a customer, sentence by sentence: who, by which message, what was checked, and how the booking was."""

from typing import Any

from tests.bot.business.makers import sample
from webhooks.cli.lead_story import Teller

AT = "2026-03-02T09:00:00+00:00"
WORDS = {"wamid.1": "a massage please, call me at 0812 3456 7890"}
MOVED: dict[str, Any] = {
    "at": AT,
    "by": "customer",
    "role": None,
    "what": "booking_moved",
    "booking": "BK-1",
    "from": "SERVICE_SELECTED",
    "to": "SLOT_PROPOSED",
    "reason": None,
    "event": "customer_wrote",
    "messages": ["wamid.1"],
    "checks": [{"rule": "transition", "passed": True}, {"rule": "price", "passed": True}],
    "booked": {
        "service": "balinese-massage",
        "start": "2026-03-04T02:00:00+00:00",
        "place": "villa-melati",
        "guests": "2",
    },
}


def told(item: dict[str, Any], *, is_masked: bool = True) -> str:
    head, line = Teller(sample(), WORDS, is_masked).story([item])
    assert head == "Times are those of Asia/Makassar."
    return line


def test_a_move_is_a_sentence_in_the_houses_own_time() -> None:
    assert told(MOVED) == (
        "Mon 2 Mar 2026 17:00  BK-1 went from “Service chosen” to “Times offered”, by the customer, in a message of 9 "
        "words. Checked and passed: transition, price. Then: Balinese massage 60 min, Wed 4 Mar 2026 10:00, at Villa "
        "Melati, for 2."
    )


def test_what_the_customer_wrote_is_read_by_who_asks_for_it() -> None:
    assert "0812" not in told(MOVED)
    assert ": 'a massage please, call me at 0812 3456 7890'" in told(MOVED, is_masked=False)


def test_words_that_are_no_longer_kept_are_left_out() -> None:
    assert "by the customer, in a message." in told(MOVED | {"messages": ["wamid.gone"]})


def test_a_fact_that_the_rules_did_not_expect_says_which_said_no() -> None:
    checks = [{"rule": "transition", "passed": True}, {"rule": "payment_received", "passed": False}]
    line = told(MOVED | {"by": "webhook", "event": "payment_news_came", "messages": [], "checks": checks})
    assert "It had happened already, though these said no: payment received." in line


def test_a_person_is_named_with_their_role_and_a_number_in_their_reason_is_masked() -> None:
    line = told(MOVED | {"by": "ayu", "role": "operations", "event": "staff_asked", "reason": "call 0812 3456 7890"})
    assert "by ayu (operations), by hand" in line
    assert "Reason: call •••." in line


def test_a_refusal_says_the_rule_the_fix_and_who_can() -> None:
    reason = {"rule": "guests", "fact": "At most 12", "fix": "Book for fewer", "who_can": ["customer", "sales"]}
    line = told(MOVED | {"what": "refused", "reasons": [reason], "from": "INQUIRY", "to": "SERVICE_SELECTED"})
    assert "BK-1 was not allowed from “Inquiry” to “Service chosen”, for the customer." in line
    assert "The rule “guests” said no: At most 12. Book for fewer. Who can: customer, sales." in line


def test_everything_else_is_told_with_its_facts() -> None:
    item: dict[str, Any] = {"at": AT, "by": "customer", "role": None, "what": "opted_out", "booking": None, "facts": {}}
    assert told(item) == "Mon 2 Mar 2026 17:00  The customer asked for silence (STOP). By the customer."
    other = item | {"what": "never_heard_of", "booking": "BK-1", "facts": {"booking": "BK-1", "code": "7"}}
    assert told(other).endswith("BK-1: Never heard of. By the customer. (code 7)")
