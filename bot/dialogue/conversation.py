"""A customer wrote: what is turn in any state, then what the state says."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.business.context import Context
from bot.dialogue import (
    ads,
    clarification,
    denials,
    dispatch,
    questions,
    referrals,
    refund_account,
    side_questions,
    takeover,
)
from bot.dialogue.customer_turn import CustomerTurn
from bot.dialogue.matching import services_named
from bot.dialogue.states import attendance, late_payment
from bot.domain.events import (
    Bubble,
    ContactCards,
    CustomerWrote,
    FormSent,
    Location,
    Media,
    Order,
    Other,
    Reaction,
    Tap,
    Text,
)
from bot.domain.lead import Lead
from bot.domain.outcome import Outcome, Withdraw
from bot.lifecycle.apply import TransitionDenied
from bot.replies import first_words
from bot.replies.booking import SERVICE_TAP
from bot.replies.changes import read_tap
from intents.understanding import Confidence, Intent, Understanding

OPT_OUT_REMINDER_EVERY = timedelta(hours=24)
MISUNDERSTANDINGS_BEFORE_A_PERSON = 3

_COURTESY = frozenset({Intent.GREETING, Intent.THANKS, Intent.GOODBYE, Intent.CHANGE_LANGUAGE, Intent.OOS})
OPENING = "request_welcome"
"""Somebody opened the chat for the first time and has said nothing yet."""
REAL_WORDS = 3
"""A message of fewer words may be in anybody's language."""

_TAP_INTENTS = {
    first_words.HELP: Intent.HELP,
    first_words.LANGUAGE: Intent.CHANGE_LANGUAGE,
    first_words.PERSON: Intent.TALK_HUMAN,
    first_words.START: Intent.OPT_IN,
}


def customer_wrote(lead: Lead, event: CustomerWrote, context: Context) -> Outcome:
    """Hear it, obey STOP and START before anything else, then answer or leave it to the person in charge."""
    known = _listened(lead, event, context)
    outcome = _answered(known, event, context)
    if known.referrer is None or known.referrer == lead.referrer:
        return outcome
    return outcome.recording("referred", "customer", event.at, referrer=known.referrer)


def _answered(lead: Lead, event: CustomerWrote, context: Context) -> Outcome:
    event = replace(event, bubbles=_to_answer(event.bubbles, context))
    if not event.bubbles:
        return Outcome(lead)
    understanding = _meaning(event)
    if understanding.intent in {Intent.OPT_OUT, Intent.OPT_IN} or lead.conversation.opted_out:
        outcome = _silence(lead, understanding, event.at)
        return takeover.as_drafts(outcome) if lead.is_with_agent else outcome
    last = event.bubbles[-1].content
    if lead.is_with_agent and isinstance(last, Tap) and read_tap(last.id) is not None:
        # a tap names what was quoted and is a fact, like money: it counts, and the bot's words are drafts
        return takeover.as_drafts(_respond(lead, event, understanding, context))
    if lead.is_with_agent:
        return takeover.overheard(lead, _respond(lead, event, understanding, context), understanding)
    outcome = _respond(lead, event, understanding, context)
    return outcome if outcome.withdraw is Withdraw.BOT_CHAT else replace(outcome, withdraw=Withdraw.SUPERSEDED)


def _to_answer(bubbles: tuple[Bubble, ...], context: Context) -> tuple[Bubble, ...]:
    """What wants an answer: an order of a service of ours is the tap on it, a mere opening gives way to words."""
    wanted = [bubble for bubble in bubbles if _wants_answer(bubble)]
    said = [bubble for bubble in wanted if not _is_opening(bubble)] or wanted[-1:]
    # a cart and words beside it: the words are about what is in the cart
    carts_last = sorted(said, key=lambda bubble: isinstance(bubble.content, Order))
    return tuple(_as_tapped(bubble, context) for bubble in carts_last)


def _is_opening(bubble: Bubble) -> bool:
    return isinstance(bubble.content, Other) and bubble.content.type == OPENING


def _as_tapped(bubble: Bubble, context: Context) -> Bubble:
    """A cart with a service of ours in it means that service."""
    content = bubble.content
    if not isinstance(content, Order):
        return bubble
    for item in content.items:
        words = item.product.replace("-", " ").replace("_", " ")
        service = context.business.service(item.product) or next(iter(services_named(context.business, words)), None)
        if service is not None:
            return replace(bubble, content=Tap(f"{SERVICE_TAP}{service.id}", item.product))
    return bubble


def _wants_answer(bubble: Bubble) -> bool:
    """A reaction, a message taken back and a form whose news comes of its own are turn, and answered with nothing."""
    match bubble.content:
        case Reaction() | Other(type="revoke") | FormSent(is_known=True):
            return False
        case _:
            return True


def _listened(lead: Lead, event: CustomerWrote, context: Context) -> Lead:
    """The lead after listening: who sent them, window, name, address, and the language of the first real message."""
    last = lead.conversation.last_inbound_at
    if last is None:
        lead = replace(lead, referrer=_referrer(event, context) or lead.referrer)
    lead = replace(lead, address=lead.address.updated(event.address), name=event.name or lead.name)
    lead = lead.conversing(last_inbound_at=event.sent_at if last is None else max(last, event.sent_at))
    advertised = ads.services_of(event.bubbles, context)
    if advertised:
        lead = lead.conversing(about=tuple(service.id for service in advertised))
    return _speaking(lead, event)


def _speaking(lead: Lead, event: CustomerWrote) -> Lead:
    """The language of the first real message stays, whatever short message comes later; until then of any message."""
    talk, detected = lead.conversation, event.understanding.detected
    if detected is None or talk.language_chosen or talk.language_settled:
        return lead
    said = " ".join(filter(None, (_typed(bubble) for bubble in event.bubbles)))
    is_real = sum(any(letter.isalpha() for letter in word) for word in said.split()) >= REAL_WORDS
    if talk.language is None or is_real:
        return lead.conversing(language=detected, language_settled=is_real)
    return lead


def _referrer(event: CustomerWrote, context: Context) -> str | None:
    """Whose code stands in these words, if anybody of the business file has it."""
    code = referrals.code_in(_typed_text(event))
    referrer = None if code is None else context.business.referrer_with(code)
    return None if referrer is None else referrer.id


def _typed_text(event: CustomerWrote) -> str:
    return "\n".join(filter(None, (_typed(bubble) for bubble in event.bubbles)))


def _meaning(event: CustomerWrote) -> Understanding:
    """What was meant; a tap on one of our buttons means what we put on the button, a bare code is a greeting."""
    last = event.bubbles[-1].content
    if _is_opening(event.bubbles[-1]):
        return _surely(event.understanding, Intent.GREETING)
    if not isinstance(last, Tap):
        text = _typed_text(event)
        is_code = referrals.code_in(text) is not None and not referrals.without(text)
        return _surely(event.understanding, Intent.GREETING) if is_code else event.understanding
    wanted = first_words.language_of_tap(last.id)
    intent = Intent.CHANGE_LANGUAGE if wanted else _TAP_INTENTS.get(last.id)
    if intent is None:
        return event.understanding
    return replace(_surely(event.understanding, intent), wanted_language=wanted)


def _surely(understanding: Understanding, intent: Intent) -> Understanding:
    return replace(understanding, intent=intent, intents=(intent,), score=1.0, confidence=Confidence.ACT, by_rule=True)


def _respond(lead: Lead, event: CustomerWrote, understanding: Understanding, context: Context) -> Outcome:
    has_words = any(_has_words(bubble) for bubble in event.bubbles)
    if not has_words:
        return _cannot_read(lead, event.bubbles[-1])
    if any(isinstance(bubble.content, Media) and bubble.content.transcript is None for bubble in event.bubbles):
        # words beside a picture are answered; the picture itself is for a person
        lead = lead.conversing(waits_for_person=True)
    last = event.bubbles[-1].content
    turn = CustomerTurn(
        event=event.id,
        at=event.at,
        understanding=understanding,
        text=_typed_text(event),
        tap=last.id if isinstance(last, Tap) else None,
        spoken=any(isinstance(one.content, Media) and one.content.transcript is not None for one in event.bubbles),
        sent_at=event.sent_at,
    )
    lead, turn = clarification.settled(lead, turn)
    return ads.answer(lead, event.bubbles, turn, context) or answer_words(lead, turn, context)


def answer_words(lead: Lead, turn: CustomerTurn, context: Context) -> Outcome:
    """The bot's answer to words, whoever was in charge when they were written."""
    if _wants_person(turn, context):
        outcome = takeover.asked_for_person(lead, turn.at)
        return side_questions.answering(outcome, questions.asked_in(turn, lead, context.business), context)
    if turn.understanding.intent is Intent.CHANGE_LANGUAGE:
        return _language(lead, turn, context)
    return _state_answers(lead, turn, context)


def _wants_person(turn: CustomerTurn, context: Context) -> bool:
    """A service may have a telephone or a person in its name: who names one whole, and asks nothing, wants that."""
    meant = turn.understanding
    if meant.intent is not Intent.TALK_HUMAN or not services_named(context.business, turn.text):
        return meant.intent is Intent.TALK_HUMAN
    return any(one in questions.ASKING for one in meant.intents)


def _owed_answer(lead: Lead, turn: CustomerTurn, context: Context) -> Outcome | None:
    """What we wait for of the customer: an account, another time, or whether they came."""
    money = refund_account.answer(lead, turn, context) or late_payment.answer(lead, turn)
    return money or attendance.answer(lead, turn, context)


def _state_answers(lead: Lead, turn: CustomerTurn, context: Context) -> Outcome:
    try:
        outcome = _owed_answer(lead, turn, context) or dispatch.answer(lead, turn, context)
    except TransitionDenied as denied:
        return denials.answer_customer(lead, denied, turn.at)
    if outcome.lead.conversation.misunderstood >= MISUNDERSTANDINGS_BEFORE_A_PERSON:
        return takeover.asked_for_person(outcome.lead.conversing(misunderstood=0), turn.at, "talk.person_called")
    return outcome


def _language(lead: Lead, turn: CustomerTurn, context: Context) -> Outcome:
    wanted, others = turn.understanding.wanted_language, turn.understanding.intents[1:]
    if wanted is None:
        return Outcome(lead).requesting(first_words.language_question(lead))
    lead = lead.conversing(language=wanted, language_chosen=True, greeted=True, misunderstood=0)
    if turn.tap is None and others and not _COURTESY.issuperset(others):
        rest = replace(turn.understanding, intent=others[0], intents=others)
        return _state_answers(lead, replace(turn, understanding=rest), context)
    return Outcome(lead).requesting(first_words.text(lead, "talk.language_set", supersedable=True))


def _typed(bubble: Bubble) -> str | None:
    match bubble.content:
        case Text(body=body):
            return body
        case Media(caption=caption, transcript=transcript):
            return transcript or caption
        case _:
            return None


def _has_words(bubble: Bubble) -> bool:
    match bubble.content:
        case Text() | Tap() | Other(type="request_welcome"):
            return True
        case Media(caption=caption, transcript=transcript):
            return (transcript or caption) is not None
        case _:
            return False


def _cannot_read(lead: Lead, bubble: Bubble) -> Outcome:
    """Say what we cannot read, and let a person see what a person can."""
    match bubble.content:
        case Media():
            waiting = lead.conversing(waits_for_person=True, greeted=True)
            return Outcome(waiting).requesting(first_words.text(lead, "talk.cannot_see", supersedable=True))
        case Location() | FormSent() | Order() | ContactCards():
            waiting = lead.conversing(waits_for_person=True, greeted=True)
            return Outcome(waiting).requesting(first_words.text(lead, "talk.passed_on", supersedable=True))
        case _:
            return Outcome(lead).requesting(first_words.text(lead, "talk.cannot_read", supersedable=True))


def _silence(lead: Lead, understanding: Understanding, now: datetime) -> Outcome:
    """STOP, START, and what is said to somebody who asked for silence and writes all the same."""
    opted_out = lead.conversation.opted_out
    if understanding.intent is Intent.OPT_IN:
        lead = lead.conversing(opted_out=False, reminded_of_opt_out_at=None, greeted=True)
        outcome = Outcome(lead).requesting(
            first_words.menu(lead, "talk.opted_in" if opted_out else "talk.not_opted_out")
        )
        return outcome.recording("opted_in", "customer", now) if opted_out else outcome
    if understanding.intent is Intent.OPT_OUT and not opted_out:
        lead = lead.conversing(opted_out=True, reminded_of_opt_out_at=now)
        outcome = Outcome(lead, withdraw=Withdraw.SUPERSEDED).requesting(first_words.text(lead, "talk.opted_out"))
        return outcome.recording("opted_out", "customer", now)
    return _remind_of_silence(lead, now)


def _remind_of_silence(lead: Lead, now: datetime) -> Outcome:
    """At most once a day, so that nobody who asked for silence is talked to at each word."""
    lead = lead.conversing(waits_for_person=True)
    last = lead.conversation.reminded_of_opt_out_at
    if lead.is_with_agent or (last is not None and now - last < OPT_OUT_REMINDER_EVERY):
        return Outcome(lead)
    return Outcome(lead.conversing(reminded_of_opt_out_at=now)).requesting(first_words.still_opted_out(lead))
