"""A customer wrote: what is done in any state, then what the state says."""

from collections.abc import Sequence
from dataclasses import replace

from bot.business.context import Context
from bot.dialogue import (
    ads,
    clarification,
    complaints,
    denials,
    dispatch,
    house_questions,
    opt_out,
    passing,
    place_binding,
    provider_choice,
    questions,
    ratings,
    receptionist,
    referrals,
    refund_account,
    side_questions,
    takeover,
    waiting,
)
from bot.dialogue.bubbles import is_opening, meaning, to_answer, typed, typed_text
from bot.dialogue.changes import menu
from bot.dialogue.customer_turn import CustomerTurn
from bot.dialogue.matching import services_named
from bot.dialogue.states import absence, arrivals, attendance, coming, late_payment, starting
from bot.domain.alarms import AlarmReason
from bot.domain.contents import Bubble, ContactCards, FormSent, Location, Media, Order, Tap, Text
from bot.domain.events import CustomerWrote
from bot.domain.lead import Lead
from bot.domain.outcome import Outcome, Withdraw
from bot.lifecycle.apply import TransitionDenied
from bot.replies import first_words
from bot.replies.changes import read_tap
from bot.replies.partner import TAPS as PARTNERS_TAPS
from intents.understanding import Intent, Understanding

MISUNDERSTANDINGS_BEFORE_A_PERSON = 3

_COURTESY = frozenset({Intent.GREETING, Intent.THANKS, Intent.GOODBYE, Intent.CHANGE_LANGUAGE, Intent.OOS})
REAL_WORDS = 3
"""A message of fewer words may be in anybody's language."""


def customer_wrote(lead: Lead, event: CustomerWrote, context: Context) -> Outcome:
    """Listen, obey STOP and START before anything else, then answer or leave it to the person in charge."""
    known = complaints.with_pictures(_listen(lead, event, context), event, context)
    outcome = _answer(known, event, context)
    if known.bound_place is not None and known.bound_place != lead.bound_place:
        room = known.bound_place.room
        facts = {"place": known.bound_place.place} | ({} if room is None else {"room": room})
        outcome = outcome.recording("at_place", "customer", event.at, **facts)
    if known.referrer is None or known.referrer == lead.referrer:
        return outcome
    return outcome.recording("referred", "customer", event.at, referrer=known.referrer)


def _listen(lead: Lead, event: CustomerWrote, context: Context) -> Lead:
    """The lead with who sent them, window, name, address, and the language of the first real message."""
    last = lead.conversation.last_inbound_at
    if last is None:
        # a code counts in the very first message only: later ones could take a customer from whoever sent them
        code = referrals.code_in(typed_text(event.bubbles))
        referrer = None if code is None else context.business.referrer_with(code)
        lead = lead if referrer is None else replace(lead, referrer=referrer.id)
    lead = place_binding.bound(lead, event, context)
    lead = replace(lead, address=lead.address.updated(event.address), name=event.name or lead.name)
    # bubbles may arrive out of order, and the window only ever moves on
    lead = lead.conversing(last_inbound_at=event.sent_at if last is None else max(last, event.sent_at))
    advertised = ads.services_of(event.bubbles, context)
    if advertised:
        lead = lead.conversing(about=tuple(service.id for service in advertised))
    talk, detected = lead.conversation, event.understanding.detected
    if detected is None or talk.language_chosen or talk.language_settled:
        return lead
    words = typed_text(event.bubbles).split()
    is_real = sum(any(letter.isalpha() for letter in word) for word in words) >= REAL_WORDS
    if talk.language is None or is_real:
        # the language of the first real message stays, whatever short message comes later
        return lead.conversing(language=detected.value, language_settled=is_real)
    return lead


def _answer(lead: Lead, event: CustomerWrote, context: Context) -> Outcome:
    bubbles = to_answer(event.bubbles, context)
    if not bubbles:
        return Outcome(lead)
    # forged, forwarded, or of who worked here once: such a tap is no word about anything of theirs
    own = tuple(bubble for bubble in bubbles if not _is_partners_button(bubble))
    bubbles = own or bubbles
    understanding = meaning(bubbles, event.understanding)
    # "send me the form" sounds like a wish to be written to again; who never asked for silence means the form
    if lead.conversation.opted_out or (opt_out.is_meant(understanding) and not understanding.wants_form):
        outcome = opt_out.answer(lead, understanding, event.at)
        return takeover.as_drafts(outcome) if lead.is_with_agent else outcome
    if not own:
        outcome = Outcome(lead).requesting(first_words.text(lead, "talk.not_your_button", supersedable=True))
    elif opt_out.may_be_meant(understanding) and not _leaves_list(lead, bubbles):
        outcome = Outcome(lead).requesting(first_words.ask_whether_silent(lead))
    else:
        outcome = _respond(lead, replace(event, bubbles=bubbles), understanding, context)
    last = bubbles[-1].content
    if (
        lead.is_with_agent
        and isinstance(last, Tap)
        and (read_tap(last.id) is not None or any(one.is_tap(last.id) for one in (ratings, arrivals, absence, coming)))
    ):
        # a tap names what was quoted and is a fact, like money: it counts, and the bot's words are drafts
        return takeover.as_drafts(outcome)
    if lead.is_with_agent:
        # what was wrong with a visit is a fact as well, whoever reads it
        return takeover.overheard(replace(lead, complaints=outcome.lead.complaints), outcome, understanding)
    # a take-over has said already what becomes of the bot's words
    return outcome if outcome.withdraw is Withdraw.BOT_CHAT else replace(outcome, withdraw=Withdraw.SUPERSEDED)


def _leaves_list(lead: Lead, bubbles: Sequence[Bubble]) -> bool:
    """Whether they leave the waiting list, which sounds like a wish for silence."""
    return any(isinstance(one.content, Text) and waiting.leaves(lead, one.content.body) for one in bubbles)


def _is_partners_button(bubble: Bubble) -> bool:
    """Whether that is a tap on a button of those who deliver."""
    return isinstance(bubble.content, Tap) and bubble.content.id.startswith(PARTNERS_TAPS)


def _respond(lead: Lead, event: CustomerWrote, understanding: Understanding, context: Context) -> Outcome:
    last = event.bubbles[-1].content
    has_words = any(
        isinstance(bubble.content, Text | Tap) or is_opening(bubble) or typed(bubble) is not None
        for bubble in event.bubbles
    )
    if not has_words:
        # say what we cannot read, and let a person see what a person can
        match last:
            case Media():
                heard = complaints.picture_heard(lead, context)
                if heard is not None:
                    return Outcome(lead.conversing(greeted=True)).requesting(heard)
                key = "talk.cannot_see"
            case Location() | FormSent() | Order() | ContactCards():
                key = "talk.passed_on"
            case _:
                return Outcome(lead).requesting(first_words.text(lead, "talk.cannot_read", supersedable=True))
        waiting = lead.conversing(greeted=True).alarmed(AlarmReason.CONTENT_TO_SEE, event.at)
        return Outcome(waiting).requesting(first_words.text(lead, key, supersedable=True))
    media = [bubble.content for bubble in event.bubbles if isinstance(bubble.content, Media)]
    if any(each.transcript is None for each in media):
        # words with a picture are answered; the picture itself is for a person
        lead = lead.alarmed(AlarmReason.CONTENT_TO_SEE, event.at)
    turn = CustomerTurn(
        event=event.id,
        at=event.at,
        understanding=understanding,
        text=typed_text(event.bubbles),
        tap=last.id if isinstance(last, Tap) else None,
        spoken=any(each.transcript is not None for each in media),
        sent_at=event.sent_at,
    )
    lead, turn = clarification.settled(lead, turn)
    return ads.answer(lead, event.bubbles, turn, context) or answer_words(lead, turn, context)


def answer_words(lead: Lead, turn: CustomerTurn, context: Context) -> Outcome:
    """The bot's answer to words, whoever was in charge when they were written."""
    said_to_provider = passing.answer(lead, turn, context)
    if said_to_provider is not None:
        return said_to_provider
    lead = replace(lead, writing_to=None)
    answered = _of_house(lead, turn, context)
    if answered is not None:
        return answered
    said_of_visit = ratings.answer(lead, turn, context)
    if said_of_visit is not None:
        return said_of_visit
    lead, turn = replace(lead, asked_about_visit=None), provider_choice.as_wish(lead, turn, context)
    meant = turn.understanding
    if receptionist.complains(turn):
        return complaints.answer(lead, turn, context)
    went_wrong = complaints.noted(lead, turn, context)
    if went_wrong is not None:
        return went_wrong
    wants_person = meant.intent is Intent.TALK_HUMAN and not receptionist.asks_for_a_bot(turn)
    if wants_person and services_named(context.business, turn.text):
        # a service may have a telephone or a person in its name: who names one whole, and asks nothing, wants that
        wants_person = any(intent in questions.ASKING for intent in meant.intents)
    if wants_person:
        outcome = takeover.asked_for_person(lead, turn.at, context)
        return side_questions.answering(outcome, questions.asked_in(turn, lead, context.business), context)
    if meant.intent is not Intent.CHANGE_LANGUAGE:
        return _answer_by_state(lead, turn, context)
    tapped = None if turn.tap is None else first_words.language_of_tap(turn.tap)
    wanted = tapped or meant.wanted_language
    if wanted is None:
        return Outcome(lead).requesting(*first_words.language_question(lead))
    lead = lead.conversing(language=str(wanted), language_chosen=True, greeted=True, misunderstood=0)
    others = meant.intents[1:]
    if turn.tap is None and others and not _COURTESY.issuperset(others):
        rest = replace(meant, intent=others[0], intents=others)
        return _answer_by_state(lead, replace(turn, understanding=rest), context)
    return Outcome(lead).requesting(first_words.text(lead, "talk.language_set", supersedable=True))


def _of_house(lead: Lead, turn: CustomerTurn, context: Context) -> Outcome | None:
    try:
        return house_questions.answer(lead, turn, context)
    except TransitionDenied as denied:
        return denials.answer_customer(lead, denied, turn.at)


def _answer_by_state(lead: Lead, turn: CustomerTurn, context: Context) -> Outcome:
    try:
        # first what we wait for of the customer: an account, another time, or whether they came
        owed = refund_account.answer(lead, turn, context) or late_payment.answer(lead, turn)
        owed = owed or absence.answer(lead, turn, context) or coming.answer(lead, turn, context)
        owed = owed or attendance.answer(lead, turn, context) or arrivals.answer(lead, turn, context)
        owed = owed or menu.form_asked_for(lead, turn, context)
        owed = owed or starting.form_asked_for(lead, turn, context)
        outcome = owed or dispatch.answer(lead, turn, context)
    except TransitionDenied as denied:
        return denials.answer_customer(lead, denied, turn.at)
    if outcome.lead.conversation.misunderstood >= MISUNDERSTANDINGS_BEFORE_A_PERSON:
        return takeover.asked_for_person(
            outcome.lead.conversing(misunderstood=0), turn.at, context, "talk.person_called"
        )
    return outcome
