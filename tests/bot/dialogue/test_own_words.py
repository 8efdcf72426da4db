"""A house's own words are what customers and partners read, and never what keeps a message from leaving."""

from dataclasses import replace
from datetime import timedelta

from bot.business.context import Context
from bot.dialogue.decide import decide
from bot.dialogue.partners.decide import decide as decide_partner
from bot.domain.commands import SendButtons
from bot.domain.outcome import Decision
from bot.replies import notices
from bot.replies import partner as partner_words
from bot.replies.words import say, spoken_with
from intents.understanding import Intent, Language
from tests.bot.dialogue.partners.makers import a_partner, said, tapped
from tests.bot.dialogue.partners.makers import wrote as partner_wrote
from tests.bot.makers import NOW, a_lead, context, meaning, wrote

HELP = wrote(meaning(Intent.HELP))


def speaking(**words: dict[str, tuple[str, ...]]) -> Context:
    """The sample with these own words; a key's dots are written `__`."""
    own = {key.replace("__", "."): by_language for key, by_language in words.items()}
    return replace(context(), business=replace(context().business, words=own))


def body(decision: Decision) -> str:
    (buttons,) = [effect.command for effect in decision.effects if isinstance(effect.command, SendButtons)]
    return buttons.body


def titles(decision: Decision) -> list[str]:
    (buttons,) = [effect.command for effect in decision.effects if isinstance(effect.command, SendButtons)]
    return [button.title for button in buttons.buttons]


def test_a_customer_reads_the_houses_words_with_their_fields() -> None:
    here = speaking(talk__greeting_again={"en": ("Back so soon{name}?",)})
    lead = replace(a_lead(greeted=True, language="en"), name="Sari")
    assert body(decide(lead, wrote(meaning(Intent.GREETING)), here)) == "Back so soon Sari?"
    # outside the decision nothing is left of them
    assert say("talk.greeting_again", "en", name="") == "Hello again! What can I do for you?"


def test_another_language_and_every_other_sentence_keep_the_products_words() -> None:
    here = speaking(talk__greeting_again={"en": ("Back so soon{name}?",)})
    lead = a_lead(greeted=True, language="id")
    told = body(decide(lead, wrote(meaning(Intent.GREETING, Language.ID)), here))
    assert told == say("talk.greeting_again", "id", name="")


def test_a_button_has_the_houses_words() -> None:
    here = speaking(talk__button__person={"en": ("Ask Ayu",)})
    assert "Ask Ayu" in titles(decide(a_lead(greeted=True, language="en"), HELP, here))


def test_the_form_of_a_number_is_the_houses_too() -> None:
    with spoken_with({"booking.people": {"en": ("just you", "{count} of you")}}):
        assert [say("booking.people", "en", count=count) for count in (1, 2)] == ["just you", "2 of you"]


def test_an_own_sentence_too_long_for_its_message_gives_way_to_the_products() -> None:
    """It fits alone; in one message with the list of services WhatsApp would refuse it, and nobody be answered."""
    long = "x" * 1_000
    here = speaking(talk__offers={"en": (long + "{list}",)})
    answered = decide(a_lead(greeted=True, language="en"), HELP, here)
    assert len(body(answered)) <= 1_024
    assert long not in body(answered)


def test_two_buttons_that_would_read_alike_give_way_too() -> None:
    here = speaking(talk__button__person={"en": ("Language",)})
    shown = titles(decide(a_lead(greeted=True, language="en"), HELP, here))
    assert {"Language", "Talk to a person"} <= set(shown)
    assert len(set(shown)) == len(shown)


def test_what_is_decided_again_is_said_in_the_same_words() -> None:
    here = speaking(talk__help={"en": ("Ask us. {offers}",)})
    lead = a_lead(greeted=True, language="en")
    assert decide(lead, HELP, here) == decide(lead, HELP, replace(here, now=NOW + timedelta(hours=1)))


def test_a_partner_reads_them_as_well() -> None:
    asked = decide_partner(a_partner(), partner_wrote("halo"), context()).thread
    here = speaking(partner__declined={"id": ("Siap, kami diam.",)})
    assert "Siap, kami diam." in said(decide_partner(asked, tapped(partner_words.NO_TAP), here))
    assert "Siap, kami diam." not in said(decide_partner(asked, tapped(partner_words.NO_TAP), context()))


def test_a_template_is_built_and_read_in_the_houses_words() -> None:
    own = {
        "template.cancelled": {"en": ("Sorry! Booking {reference}, {service} on {day}, cannot take place. Write us.",)}
    }
    facts = {"reference": "BK-1", "service": "Yoga", "day": "Monday"}
    order = notices.outside("booking.staff_cancelled", "en", facts)
    assert order is not None
    assert order.parameters == ("BK-1", "Yoga", "Monday")
    with spoken_with(own):
        notice = notices.NOTICES["booking.staff_cancelled"]
        assert notice.numbered("en").startswith("Sorry! Booking {{1}}, {{2}} on {{3}}")
        assert notices.as_text(order).startswith("Sorry! Booking BK-1, Yoga on Monday")
        # the order was made of the product's words: an approval that is still to come mixes up no values
        assert notices.outside("booking.staff_cancelled", "en", facts) == order


def test_a_template_that_mirrors_an_own_sentence_is_named_until_it_is_own_too() -> None:
    own = {"reminder.day_before": {"en": ("See you!",)}}
    (told,) = notices.mirrored_otherwise(own)
    assert told == ("reminder.day_before", "en", "template.remind_day_before", "janji_remind_day_before")
    assert not list(notices.mirrored_otherwise(own | {"template.remind_day_before": {"en": ("…",)}}))
    assert not list(notices.mirrored_otherwise({"talk.help": {"en": ("x",)}}))
