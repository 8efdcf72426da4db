"""The inbox as it is decided: who waits, what is read, who has it, and what was written and not sent."""

from dataclasses import replace
from datetime import timedelta

from bot.dialogue.decide import decide
from bot.domain.alarms import AlarmReason
from bot.domain.commands import Author, Lane, SendText
from bot.domain.contents import Reaction, Text
from bot.domain.events import AgentReleased, AgentTookOver, AgentWrote, Event, LeadsMerged, StaffEchoed
from bot.domain.ids import AgentId, EventId, LeadId
from bot.domain.inbox import BOT, CUSTOMER, IN_THE_APP, DraftKind, StaffDraft
from bot.domain.inbox_events import AgentAssigned, AssignedWhy, ConversationRead, DraftSaved, NoteWritten
from bot.domain.lead import Lead
from bot.domain.notes import RecordNote
from bot.domain.outcome import Decision, Withdraw
from bot.domain.states import Mode
from intents.understanding import Intent
from tests.bot.makers import NOW, a_lead, context, meaning, with_agent, wrote

AYU, RINA = AgentId("ayu"), AgentId("rina")
LATER = NOW + timedelta(minutes=5)


def told(lead: Lead, *events: Event) -> Lead:
    for event in events:
        lead = decide(lead, event, context()).lead
    return lead


def notes(decision: Decision) -> list[RecordNote]:
    return [effect.command for effect in decision.effects if isinstance(effect.command, RecordNote)]


def taken(by: AgentId = AYU, instead_of: AgentId | None = None, draft: str | None = None) -> AgentTookOver:
    return AgentTookOver(EventId(f"t:{by}"), NOW, by, instead_of, draft)


def replied(by: AgentId = AYU, seen: int | None = None, body: str = "Halo") -> AgentWrote:
    return AgentWrote(EventId(f"w:{by}"), LATER, by, body, seen)


ASKS = wrote(meaning(Intent.ASK_PRICE), Text("how much is the massage?"))
THANKS = wrote(meaning(Intent.THANKS), Text("thanks!"), at=LATER, event="m2")


def test_who_writes_to_a_person_waits_from_the_first_word_until_somebody_answers() -> None:
    lead = told(with_agent(agent=AYU), ASKS, wrote(meaning(Intent.ASK_INFO), at=LATER, event="m2"))
    assert lead.waiting_since == NOW
    assert told(lead, replied()).waiting_since is None


def test_thanks_make_nobody_wait() -> None:
    assert told(with_agent(agent=AYU), THANKS).waiting_since is None
    assert told(with_agent(agent=AYU), ASKS, THANKS).waiting_since == NOW


def test_whoever_called_for_a_person_waits_before_anybody_has_taken_it() -> None:
    lead = told(a_lead(greeted=True, language="en"), wrote(meaning(Intent.TALK_HUMAN), Text("a person please")))
    assert lead.waiting_since == NOW
    assert lead.deadline_at == NOW + timedelta(hours=24)


def test_the_row_shows_the_last_words_and_whose_they_are() -> None:
    lead = told(with_agent(agent=AYU), ASKS)
    assert (lead.inbox.preview, lead.inbox.last_speaker, lead.inbox.unread) == ("how much is the massage?", CUSTOMER, 1)
    lead = told(lead, replied(body="It is\n100"))
    assert (lead.inbox.preview, lead.inbox.last_speaker, lead.inbox.unread) == ("It is 100", AYU, 0)
    greeted = told(a_lead(), wrote(meaning(Intent.GREETING), Text("hello")))
    assert greeted.inbox.last_speaker == BOT


def test_a_reaction_is_no_word_that_waits() -> None:
    lead = told(with_agent(agent=AYU), wrote(meaning(Intent.OOS), Reaction("wamid", "👍")))
    assert (lead.waiting_since, lead.inbox.unread) == (None, 0)


def test_seen_is_read_and_can_be_made_unread_again() -> None:
    seen, unseen = (ConversationRead(EventId(f"r{flag}"), LATER, AYU, flag) for flag in (False, True))
    lead = told(with_agent(agent=AYU), ASKS, seen)
    assert lead.inbox.unread == 0
    assert told(lead, unseen).inbox.unread == 1


def test_a_take_over_brings_owner_fence_and_draft_in_one_commit() -> None:
    before = told(a_lead(greeted=True), ASKS)
    decision = decide(before, taken(draft="Hello, I am"), context())
    lead = decision.lead
    assert (lead.conversation.mode, lead.conversation.agent, lead.epoch) == (Mode.AGENT, AYU, before.epoch + 1)
    assert decision.withdraw is Withdraw.BOT_CHAT
    draft = lead.inbox.draft(DraftKind.REPLY)
    assert draft is not None
    assert (draft.by, draft.text) == (AYU, "Hello, I am")


def test_a_colleagues_conversation_is_taken_by_who_says_whose_it_is() -> None:
    lead = told(a_lead(), taken(AYU))
    assert told(lead, taken(RINA)) == lead
    assert told(lead, taken(RINA, instead_of=AYU)).conversation.agent == RINA
    # who writes in the app may be who has it: it stays theirs
    assert told(lead, StaffEchoed(EventId("e"), NOW, IN_THE_APP)).conversation.agent == AYU
    in_the_app = told(a_lead(), StaffEchoed(EventId("e"), NOW, IN_THE_APP))
    assert told(in_the_app, taken(RINA)).conversation.agent == RINA


def test_a_draft_saved_on_an_older_one_changes_nothing() -> None:
    def saved(by: AgentId, text: str, base: int) -> DraftSaved:
        return DraftSaved(EventId(f"d:{by}:{base}"), LATER, by, DraftKind.REPLY, text, base)

    lead = told(with_agent(agent=AYU), saved(AYU, "Hel", 0))
    assert told(lead, saved(RINA, "Good day", 0)) == lead
    lead = told(lead, saved(RINA, "Hello from Rina", 1))
    draft = lead.inbox.draft(DraftKind.REPLY)
    assert draft == StaffDraft(DraftKind.REPLY, RINA, "Hello from Rina", LATER, 2)
    # thrown away, the next one is never taken for an older one
    again = told(lead, saved(RINA, " ", 2), saved(AYU, "New", 0)).inbox.draft(DraftKind.REPLY)
    assert again is not None
    assert again.revision == 3


def test_what_is_sent_retires_its_draft_and_no_other() -> None:
    drafts = (StaffDraft(DraftKind.REPLY, AYU, "Hal", NOW), StaffDraft(DraftKind.NOTE, AYU, "vip", NOW))
    lead = with_agent(agent=AYU)
    lead = replace(lead, inbox=replace(lead.inbox, drafts=drafts, revision=1))
    decision = decide(lead, replied(), context())
    assert [draft.kind for draft in decision.lead.inbox.drafts] == [DraftKind.NOTE]
    assert decision.withdraw is Withdraw.ANSWERED
    noted = told(lead, NoteWritten(EventId("n"), LATER, AYU, "vip guest", (RINA,)))
    assert [draft.kind for draft in noted.inbox.drafts] == [DraftKind.REPLY]


def test_a_note_is_a_line_for_the_staff_and_no_message() -> None:
    decision = decide(with_agent(agent=AYU), NoteWritten(EventId("n"), LATER, AYU, "ask Rina", (RINA,)), context())
    assert notes(decision) == [RecordNote("ask Rina", "ayu", LATER, ("rina",))]
    assert [effect for effect in decision.effects if effect.lane is Lane.CHAT] == []


def test_words_that_crossed_with_a_customers_are_a_draft_again() -> None:
    lead = told(with_agent(agent=AYU), ASKS)
    seen = lead.inbox.turn
    crossed = told(lead, wrote(meaning(Intent.ASK_INFO), Text("and the pool?"), at=LATER, event="m2"))
    decision = decide(crossed, replied(seen=seen), context())
    assert [one for one in decision.effects if one.author is Author.AGENT] == []
    draft = decision.lead.inbox.draft(DraftKind.REPLY)
    assert draft is not None
    assert draft.text == "Halo"
    assert AlarmReason.DRAFTS_WAIT in {alarm.reason for alarm in decision.lead.alarms}
    sent = decide(crossed, replied(seen=crossed.inbox.turn), context())
    assert [one.command for one in sent.effects if one.author is Author.AGENT] == [SendText("Halo")]


def test_words_that_crossed_with_a_colleagues_are_a_draft_and_ones_own_are_not() -> None:
    lead = told(with_agent(agent=AYU), ASKS)
    seen = lead.inbox.turn
    answered = told(lead, replied(RINA, seen))
    assert told(answered, replied(AYU, seen)).inbox.draft(DraftKind.REPLY) is not None
    twice = AgentWrote(EventId("w2"), LATER, RINA, "and more", seen)
    assert told(answered, twice).inbox.draft(DraftKind.REPLY) is None


def test_an_owner_who_goes_off_duty_gives_it_back_with_a_line_in_the_thread() -> None:
    lead = told(a_lead(), taken(AYU))
    decision = decide(lead, AgentAssigned(EventId("o"), LATER, AYU, None, AssignedWhy.OFF_DUTY), context())
    assert decision.lead.conversation.agent is None
    assert AlarmReason.OWNER_LEFT in {alarm.reason for alarm in decision.lead.alarms}
    assert [note.what for note in notes(decision)] == ["assigned_off_duty"]
    # another has it meanwhile: it stays theirs
    hers = told(lead, taken(RINA, instead_of=AYU))
    assert told(hers, AgentAssigned(EventId("o"), LATER, AYU, None, AssignedWhy.OFF_DUTY)) == hers


def test_fair_share_gives_nobody_what_somebody_has() -> None:
    lead = told(a_lead(), taken(AYU))
    assert told(lead, AgentAssigned(EventId("f"), LATER, RINA, RINA, AssignedWhy.FAIR_SHARE)) == lead
    assert told(a_lead(), AgentAssigned(EventId("f"), LATER, RINA, RINA, AssignedWhy.FAIR_SHARE)) == a_lead()


def test_who_it_is_assigned_to_has_it_when_the_customer_asks_for_a_person() -> None:
    lead = told(a_lead(greeted=True, language="en"), AgentAssigned(EventId("a"), NOW, RINA, AYU))
    lead = told(lead, wrote(meaning(Intent.TALK_HUMAN), Text("a person please")))
    assert (lead.is_with_agent, lead.conversation.agent) == (True, AYU)


def test_it_is_handed_back_with_a_note_and_remembers_who_had_it() -> None:
    lead = told(a_lead(), taken(AYU))
    decision = decide(lead, AgentReleased(EventId("r"), LATER, AYU, "wants twin beds"), context())
    assert [(note.what, note.by) for note in notes(decision)] == [("handed_back", "ayu")]
    assert "wants twin beds" in notes(decision)[0].text
    assert decision.lead.inbox.last_owner == AYU


def test_two_conversations_of_one_person_lose_no_draft() -> None:
    older, younger = with_agent(agent=AYU), replace(with_agent(agent=RINA), id=LeadId("lead-2"))
    older = replace(older, inbox=older.inbox.with_draft(StaffDraft(DraftKind.REPLY, AYU, "Halo", NOW)))
    younger = replace(younger, inbox=younger.inbox.with_draft(StaffDraft(DraftKind.REPLY, RINA, "Good day", NOW)))
    draft = told(older, LeadsMerged(EventId("merge:lead-2"), NOW, younger)).inbox.draft(DraftKind.REPLY)
    assert draft is not None
    assert draft.text == "Halo\nGood day"
