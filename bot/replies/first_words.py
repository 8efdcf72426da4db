"""The first words of a conversation, rendered: greeting, help, language, a person, STOP and START."""

from bot.business.context import Context
from bot.domain import message_limits as limits
from bot.domain.commands import Button, SendButtons, SendList, SendText
from bot.domain.languages import CODES
from bot.domain.lead import Lead
from bot.domain.outcome import EffectRequest
from bot.lifecycle.visits import unrated
from bot.replies import ratings as rating_words
from bot.replies.words import language_names, say

HELP = "help"
LANGUAGE = "language"
PERSON = "person"
START = "start"
STOP = "stop"
LANGUAGE_PREFIX = "lang:"
OFFERS_NAMED = 6
LONGEST_NAME = 60
"""A longer profile name is left out: cut it would be another name, whole it could burst the message."""


def text(lead: Lead, key: str, *, supersedable: bool = False, **fields: str) -> EffectRequest:
    """Plain words under that key."""
    return EffectRequest(SendText(say(key, lead.language, **fields)), supersedable=supersedable)


def menu(lead: Lead, key: str, **fields: str) -> EffectRequest:
    """Words under that key with the three buttons that always help."""
    buttons = tuple(
        Button(tap, say(label, lead.language))
        for tap, label in (
            (HELP, "talk.button.help"),
            (LANGUAGE, "talk.button.language"),
            (PERSON, "talk.button.person"),
        )
    )
    return EffectRequest(SendButtons(say(key, lead.language, **fields), buttons), supersedable=True)


def greeting(lead: Lead, context: Context) -> EffectRequest:
    """Hello, who we are and what can be done; shorter the second time."""
    name = f" {lead.name}" if lead.name and len(lead.name) <= LONGEST_NAME else ""
    if lead.conversation.greeted:
        return menu(lead, "talk.greeting_again", name=name)
    house = context.business.texts.greeting.say(lead.language)
    known = {"name": name, "business": house, "offers": offers(lead, context)}
    place = context.place_of(lead.bound_place)
    if place is not None:
        return menu(lead, "talk.greeting_at", place=place.name.say(lead.language), **known)
    return menu(lead, "talk.greeting", **known)


def offers(lead: Lead, context: Context) -> str:
    """What can be booked, in one sentence; nothing when nothing is on offer."""
    named = context.offers(lead.language)
    return say("talk.offers", lead.language, list=", ".join(named[:OFFERS_NAMED])) if named else ""


def help_text(lead: Lead, context: Context) -> EffectRequest:
    """What can be done here, and what the house says it does."""
    buttons: tuple[Button, ...] = (
        Button(LANGUAGE, say("talk.button.language", lead.language)),
        Button(PERSON, say("talk.button.person", lead.language)),
    )
    visit = unrated(lead, context.business, context.now)
    if visit is not None:
        buttons = (rating_words.button(lead, visit), *buttons)
    body = "\n\n".join(
        (
            say("talk.help", lead.language, offers=offers(lead, context)),
            context.business.texts.about.say(lead.language),
        )
    )
    return EffectRequest(SendButtons(body, buttons), supersedable=True)


def language_question(lead: Lead) -> tuple[EffectRequest, ...]:
    """Which of the languages, each named in itself: buttons, or lists where a message cannot hold as many buttons."""
    body = say("talk.which_language", lead.language)
    named = tuple(Button(f"{LANGUAGE_PREFIX}{code}", name) for code, name in language_names().items())
    if len(named) <= limits.BUTTONS:
        return (EffectRequest(SendButtons(body, named), supersedable=True),)
    label = say("booking.button.choose", lead.language)
    lists = (named[at : at + limits.LIST_ROWS] for at in range(0, len(named), limits.LIST_ROWS))
    return tuple(EffectRequest(SendList(body, label, rows), supersedable=True) for rows in lists)


def still_opted_out(lead: Lead) -> EffectRequest:
    """The one reminder that we were asked to be silent."""
    button = Button(START, say("talk.button.start", lead.language))
    return EffectRequest(SendButtons(say("talk.still_opted_out", lead.language), (button,)))


def ask_whether_silent(lead: Lead) -> EffectRequest:
    """Whether we are asked to be silent: silence is for good, so words that only may mean it are asked about."""
    buttons = (
        Button(STOP, say("talk.button.stop", lead.language)),
        Button(START, say("talk.button.keep_writing", lead.language)),
    )
    return EffectRequest(SendButtons(say("talk.opt_out_question", lead.language), buttons), supersedable=True)


def language_of_tap(tap_id: str) -> str | None:
    """The code of the language a tap names, if it names one that has a file."""
    code = tap_id.removeprefix(LANGUAGE_PREFIX)
    return code if tap_id.startswith(LANGUAGE_PREFIX) and code in CODES else None
