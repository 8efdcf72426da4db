"""Keys of the business file that were read by nobody do what they say."""

from dataclasses import replace
from datetime import timedelta

from bot.business.context import Context
from bot.business.definition import Business
from bot.business.file import parse
from bot.business.policies import PRESETS
from bot.business.problems import Problems
from bot.business.words import LocalizedText
from bot.dialogue.decide import decide
from bot.dialogue.partners.decide import decide as decide_partner
from bot.dialogue.partners.takeover import IDLE
from bot.dialogue.takeover import IDLE_TIMER
from bot.domain.commands import SendButtons
from bot.domain.contents import Tap
from bot.domain.events import AgentTookOver
from bot.domain.ids import AgentId, EventId
from bot.domain.outcome import Decision
from bot.replies import booking as words
from bot.replies import payment as money_words
from intents.understanding import Intent, Language
from tests.bot.business.makers import with_changes
from tests.bot.dialogue.partners.makers import a_partner
from tests.bot.dialogue.test_places import massage
from tests.bot.makers import NOW, a_lead, context, meaning, wrote
from tests.bot.paying import REFERENCE, money, waiting

TAKEN = AgentTookOver(EventId("t"), NOW, AgentId("ayu"))
ABOUT = "We bring massage, chefs, drivers, yoga and movie nights to your villa in Bali."


def house(*changes: tuple[str, str]) -> Context:
    """The sample with these changes of its text."""
    business = parse(with_changes(*changes), "business.yaml")
    assert isinstance(business, Business), str(business)
    return replace(context(), business=business)


def body(decision: Decision) -> str:
    (buttons,) = [effect.command for effect in decision.effects if isinstance(effect.command, SendButtons)]
    return buttons.body


def test_the_bot_greets_with_the_name_that_the_file_gives_it() -> None:
    here = house(("  greeting: Rumah Senja\n", "  greeting: { en: Senja House, id: Rumah Senja, vi: Nhà Senja }\n"))
    assert "This is Senja House." in body(decide(a_lead(language="en"), wrote(meaning(Intent.GREETING)), here))
    told = decide(a_lead(language="vi"), wrote(meaning(Intent.GREETING, Language.VI)), here)
    assert "Nhà Senja" in body(told)


def test_who_asks_what_can_be_done_hears_what_the_house_does() -> None:
    told = decide(a_lead(greeted=True, language="en"), wrote(meaning(Intent.HELP)), context())
    assert body(told).endswith(f"\n\n{ABOUT}")


def test_what_does_not_fit_its_message_is_told() -> None:
    long = parse(with_changes((ABOUT, "x" * 301), ("  greeting: Rumah Senja\n", f"  greeting: {'x' * 61}\n")), "b.yaml")
    assert isinstance(long, Problems)
    assert {item.path for item in long.items} == {
        "texts.about.en",
        *(f"texts.greeting.{code}" for code in ("en", "id", "vi")),
    }


def test_an_idle_conversation_comes_back_after_the_hours_of_the_file() -> None:
    here = house(("\nsop:\n", "\nsop:\n  handback_hours: 2\n"))
    assert decide(a_lead(), TAKEN, here).lead.timers[str(IDLE_TIMER)] == NOW + timedelta(hours=2)
    assert decide(a_lead(), TAKEN, context()).lead.timers[str(IDLE_TIMER)] == NOW + timedelta(hours=12)
    asked = wrote(meaning(Intent.TALK_HUMAN))
    assert decide(a_lead(greeted=True), asked, here).lead.timers[str(IDLE_TIMER)] == NOW + timedelta(hours=2)
    assert decide_partner(a_partner(), TAKEN, here).thread.timers[IDLE] == NOW + timedelta(hours=2)


def test_the_policy_in_the_houses_words_is_said_with_the_booking_it_was_sold_under() -> None:
    own = replace(PRESETS["none"], id="ours", text=LocalizedText(en="No refunds, but we find you another day."))
    business = replace(
        context().business,
        policies=(own,),
        policy="ours",
        services=tuple(replace(service, policy=None) for service in context().business.services),
    )
    here = replace(context(), business=business)
    told = words.status_text(a_lead(language="en"), massage(), here)
    assert told.endswith("\n\nNo refunds, but we find you another day.")
    assert "No refunds" not in words.status_text(a_lead(language="en"), massage(), context())


def test_so_many_links_are_tried_as_the_file_grants() -> None:
    here = house(("\nsop:\n", "\nsop:\n  payment_retries: 1\n"))
    lead, asked = waiting(), 0
    for number in range(3):
        tap = Tap(f"{money_words.NEW_LINK_TAP}{REFERENCE}", "x")
        decision = decide(lead, wrote(meaning(Intent.OOS), tap, event=f"m{number}"), here)
        lead, asked = decision.lead, asked + len(money(decision))
    assert asked == 1
