"""First conversations in three languages, from hello to a person and back."""

from datetime import timedelta

import pytest

from bot.replies.words import language_names, say
from intents.understanding import Confidence, Intent, Language
from tests.bot.makers import meaning
from tests.journeys.script import Script

HELLO = {Language.EN: "hello", Language.ID: "halo kak", Language.VI: "xin chào shop"}
PERSON = {Language.EN: "a person please", Language.ID: "mau bicara dengan orang", Language.VI: "cho gặp nhân viên"}


def first_line(key: str, language: Language) -> str:
    return say(key, language, offers="", name="").splitlines()[0]


@pytest.mark.parametrize("language", Language)
def test_hello_thanks_stop_and_start(language: Language) -> None:
    script = Script()
    script.says(HELLO[language], meaning(Intent.GREETING, language))
    greeting = script.lines.pop()
    script.says("?", meaning(Intent.HELP, language))
    script.says("🙏", meaning(Intent.THANKS, language))
    script.says("STOP", meaning(Intent.OPT_OUT, language))
    script.says("hm", meaning(Intent.GREETING, language))
    script.waits(timedelta(hours=25))
    script.says("hm", meaning(Intent.GREETING, language))
    script.taps("start", say("talk.button.start", language), meaning(Intent.OOS, language))
    assert greeting.startswith("< ")
    assert script.lines == [
        f"> {HELLO[language]}",
        "> ?",
        f"< {first_line('talk.help', language)}",
        "> 🙏",
        f"< {say('talk.thanks', language)}",
        "> STOP",
        f"< {say('talk.opted_out', language)}",
        "> hm",
        "> hm",
        f"< {say('talk.still_opted_out', language)}",
        f"> [{say('talk.button.start', language)}]",
        f"< {say('talk.opted_in', language)}",
    ]


@pytest.mark.parametrize("language", Language)
def test_a_person_comes_writes_and_gives_back(language: Language) -> None:
    script = Script()
    script.says(PERSON[language], meaning(Intent.TALK_HUMAN, language))
    script.takes_over()
    script.says(HELLO[language], meaning(Intent.THANKS, language))
    script.person_says("Halo, saya Ayu.")
    script.gives_back()
    script.says("?", meaning(Intent.HELP, language))
    assert script.lines == [
        f"> {PERSON[language]}",
        f"< {say('talk.handed_over', language)}",
        "(taken over)",
        f"> {HELLO[language]}",
        f"~ {say('talk.thanks', language)}",
        "<< Halo, saya Ayu.",
        "(given back)",
        "> ?",
        f"< {first_line('talk.help', language)}",
    ]


@pytest.mark.parametrize("language", Language)
def test_nobody_comes_and_the_bot_says_so(language: Language) -> None:
    script = Script()
    script.says(PERSON[language], meaning(Intent.TALK_HUMAN, language))
    script.waits(timedelta(hours=12))
    assert script.lines[1:] == [
        f"< {say('talk.handed_over', language)}",
        "(agent_idle)",
        f"< {say('talk.nobody_came', language)}",
    ]


@pytest.mark.parametrize("language", Language)
def test_a_language_is_asked_for_and_chosen_by_tap(language: Language) -> None:
    script = Script()
    script.says("language", meaning(Intent.CHANGE_LANGUAGE))
    script.taps(f"lang:{language.value}", language_names()[language], meaning(Intent.OOS))
    script.says("asdf", meaning(Intent.OOS, sure=Confidence.ASK_BACK))
    assert script.lines == [
        "> language",
        f"< {say('talk.which_language', Language.EN)}",
        f"> [{language_names()[language]}]",
        f"< {say('talk.language_set', language)}",
        "> asdf",
        f"< {say('talk.not_understood', language)}",
    ]
