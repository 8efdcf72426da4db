"""The words of a change: read before the yes, sent as they were read or as they were edited, whoever has the
conversation."""

from dataclasses import replace

import pytest

from bot.business.context import Context
from bot.dialogue.rehearsal import ForeseenWords, words_after_yes
from bot.domain.change import Change
from bot.domain.commands import ChatCommand, SendButtons, SendLink, SendTemplate, SendText
from bot.domain.events import AgentTookOver, StaffAction
from bot.domain.ids import AgentId, EventId
from bot.replies.notices import as_text as template_text
from tests.bot.dialogue.changes.test_chat import paid_massage
from tests.bot.dialogue.changes.test_staff import sunday
from tests.bot.dialogue.states.talk import Talk

EDITED = "Dear Sari, as we said on the phone: it is done."


def wished(name: str, talk: Talk) -> dict[str, str]:
    """What is asked for, by a name a reader knows."""
    return {
        "cancelled by us": {"kind": "cancel", "cause": "business", "reason": "closed"},
        "cancelled for them": {"kind": "cancel", "cause": "customer", "reason": "ill"},
        "moved": {"kind": "time", "slot_id": sunday(talk), "cause": "business", "reason": "ill"},
        "dearer": {
            "kind": "time",
            "slot_id": sunday(talk, "komang", "villa-karang"),
            "cause": "customer",
            "reason": "wish",
        },
    }[name]


EVERY = ("cancelled by us", "cancelled for them", "moved", "dearer")


def quoted(name: str) -> Talk:
    """A paid massage with a change that waits for the yes of somebody of the house."""
    talk = paid_massage()
    return talk.staff(StaffAction.CHANGE, **wished(name, talk))


def foreseen(talk: Talk) -> ForeseenWords | None:
    context = Context(now=talk.now, business=talk.business)
    return words_after_yes(talk.lead, talk.booking.reference, "rina", context)


def after_yes(talk: Talk, **facts: str) -> list[ChatCommand]:
    before = len(talk.said)
    talk.staff(StaffAction.CONFIRM_CHANGE, change="C1", quote="1", person="rina", role="sales", **facts)
    return talk.said[before:]


def open_change(talk: Talk) -> Change | None:
    booking = talk.lead.open_booking
    return None if booking is None else booking.change


@pytest.mark.parametrize("name", EVERY)
def test_what_is_shown_before_the_yes_is_what_the_customer_reads(name: str) -> None:
    talk = quoted(name)
    shown, said = foreseen(talk), len(talk.said)
    assert shown is not None
    assert len(talk.said) == said
    first = after_yes(talk, words="")[0]
    assert not isinstance(first, SendTemplate)
    assert (first.body, len(first.body) <= shown.limit) == (shown.body, True)


@pytest.mark.parametrize("name", EVERY)
def test_edited_words_go_in_place_of_ours_and_are_on_record_as_edited(name: str) -> None:
    talk = quoted(name)
    said = after_yes(talk, words=EDITED)
    first = said[0]
    assert not isinstance(first, SendTemplate)
    assert first.body == EDITED
    # what is paid by stays on the message, whatever its words are
    assert isinstance(first, SendLink) is (name == "dearer")
    assert not any(getattr(one, "body", "") == EDITED for one in said[1:])
    assert [dict(one.facts).get("told") for one in talk.records if one.what == "change_agreed"] == ["edited"]
    change = open_change(talk)
    assert change is None or (change.told, change.told_by) == ("", "")


@pytest.mark.parametrize("name", EVERY)
def test_words_that_were_read_go_although_a_person_has_the_conversation(name: str) -> None:
    talk = quoted(name)
    talk.tell(AgentTookOver(EventId("take"), talk.now, AgentId("rina")))
    shown = foreseen(talk)
    assert shown is not None
    first = after_yes(talk, words="")[0]
    assert not isinstance(first, SendTemplate)
    assert (first.body, talk.drafts) == (shown.body, [])
    assert shown.body.startswith(talk.lead.inbox.preview[:20].rstrip("… "))


def test_a_yes_that_read_nothing_is_a_draft_for_who_has_the_conversation() -> None:
    talk = quoted("moved")
    talk.tell(AgentTookOver(EventId("take"), talk.now, AgentId("rina")))
    assert after_yes(talk) == []
    assert len(talk.drafts) == 1


def test_what_was_written_of_a_time_that_is_lost_is_told_nobody() -> None:
    talk = quoted("moved")
    talk.lost = True
    said = after_yes(talk, words=EDITED)
    assert not any(getattr(one, "body", "") == EDITED for one in said)
    assert open_change(talk) is None


@pytest.mark.parametrize("name", EVERY)
def test_outside_the_24_hours_the_template_is_shown_as_it_will_be_read(name: str) -> None:
    talk = quoted(name)
    talk.lead = replace(talk.lead, conversation=replace(talk.lead.conversation, last_inbound_at=None))
    shown = foreseen(talk)
    assert shown is not None
    assert shown.is_template
    first = after_yes(talk, words="")[0]
    assert isinstance(first, SendText | SendButtons | SendLink)
    assert first.outside is not None
    assert template_text(first.outside) == shown.body


def test_without_an_open_change_nothing_is_foreseen() -> None:
    assert foreseen(paid_massage()) is None
