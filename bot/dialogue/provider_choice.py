"""Who is to give it: heard in the customer's words, kept with the booking, asked where two are meant, said where they
have no time."""

from dataclasses import replace
from datetime import time
from typing import Final

from bot.business.catalogue import Service
from bot.business.context import Context
from bot.business.definition import Business
from bot.dialogue.changes import phrases
from bot.dialogue.customer_turn import CustomerTurn
from bot.dialogue.matching import says_one_of, services_named
from bot.dialogue.provider_names import NamedProviders, providers_named
from bot.domain.booking import Booking, OfferedSlot
from bot.domain.lead import Lead
from bot.domain.offers import Fit, ProviderWish
from bot.domain.outcome import EffectRequest
from bot.domain.states import RESCHEDULABLE, State
from bot.lifecycle.visits import liked_provider
from bot.replies import providers as words
from flows.view import ANYONE
from intents.understanding import Confidence, Intent

_TALKING: Final = (
    *("talk", "speak", "chat", "call", "phone", "message", "write to"),
    *("bicara", "ngobrol", "ngomong", "telepon", "telpon", "hubungi", "nói chuyện", "gặp", "gọi", "nhắn"),
)
"""Who wants a word with somebody wants no time of theirs."""
_MISREAD: Final = frozenset({Intent.TALK_HUMAN, Intent.GOODBYE, Intent.OOS})
_ELSEWHERE: Final = (Intent.BOOK, Intent.ASK_AVAILABILITY, Intent.ASK_INFO, Intent.PAY_HELP)
"""Said surely, a name with it is about something else than the booking that stands."""
_CHOOSING: Final = frozenset({State.INQUIRY, State.SERVICE_SELECTED, State.SLOT_PROPOSED})
_ON_WISHED_DAYS: Final = frozenset({Fit.WISHED, Fit.OTHER_TIMES})


def as_wish(lead: Lead, turn: CustomerTurn, context: Context) -> CustomerTurn:
    """The turn with a name in it read as a wish, whatever it looked like: "sama Ayu" is no wish for a person of ours.
    Where no booking is in progress a day has to be said with it, and where one stands somebody else than it has."""
    meant, booking = turn.understanding, lead.open_booking
    is_doubtful = meant.intent in _MISREAD or meant.confidence is not Confidence.ACT
    if turn.tap is not None or says_one_of(turn.text, _TALKING):
        return turn
    said = providers_named(context.business, turn.text)
    # who has a booking, and says "ok mbak Ayu", may call somebody of ours so
    outright = replace(said, wished=tuple(name for name in said.wished if name not in said.called))
    if booking is not None and _is_for_another(booking, outright, turn, context, is_doubtful=is_doubtful):
        intent: Intent | None = Intent.RESCHEDULE
    elif not is_doubtful:
        return turn
    elif booking is not None and booking.state in _CHOOSING:
        intent = Intent.CHOOSE_SLOT if said.wished or said.refused or said.anyone else None
    else:
        intent = Intent.BOOK if booking is None and said.wished and meant.entities.dates else None
    if intent is None:
        return turn
    return replace(turn, understanding=replace(meant, intent=intent, intents=(intent,), confidence=Confidence.ACT))


def _is_for_another(
    booking: Booking, said: NamedProviders, turn: CustomerTurn, context: Context, *, is_doubtful: bool
) -> bool:
    """Whether somebody else is to give the booking that stands: at the same time, or said of nothing else."""
    if booking.chosen is None or booking.booked_hold is None or booking.state not in RESCHEDULABLE:
        return False
    change = booking.change
    if change is not None and change.accepted_at is None:
        # they are asked about it already
        is_new = wished(change.wish.who, said) != change.wish.who
        return is_new and is_doubtful and turn.understanding.intent is not Intent.CANCEL
    has = booking.chosen.provider
    names_another = any(name != has for name in said.wished) or has in said.refused
    if not names_another or turn.surely(Intent.CANCEL) or services_named(context.business, turn.text):
        return False
    if phrases.says_same_time(turn):
        return True
    mentions = turn.understanding.entities
    is_of_that_day = all(isinstance(value.value, time) for value in mentions.dates)
    is_else = turn.surely(*_ELSEWHERE) or mentions.guests or mentions.nights or mentions.excluded
    return is_of_that_day and not is_else


def services_given(turn: CustomerTurn, context: Context) -> tuple[Service, ...]:
    """What the one who is named gives, for words that name no service."""
    wished = () if turn.tap is not None else providers_named(context.business, turn.text).wished
    given = {name for who in wished if (one := context.business.provider(who)) for name in one.services}
    return tuple(service for service in context.business.services if service.id in given)


def learned(booking: Booking, turn: CustomerTurn, context: Context) -> Booking:
    """The booking with whom these words or this tap wish for, or refuse; nobody gives a stay."""
    who = after_words(booking.who, booking.service, turn, context)
    is_tapped = turn.tapped(words.WHO_TAP) is not None
    return replace(booking, who=who, last_choices=() if is_tapped else booking.last_choices)


def after_words(before: ProviderWish, service: str | None, turn: CustomerTurn, context: Context) -> ProviderWish:
    """Whom they wish for after these words or this tap; nobody gives a stay."""
    tapped, known = turn.tapped(words.WHO_TAP), context.business.service(service or "")
    if tapped is not None:
        is_known = context.business.provider(tapped) is not None
        return ProviderWish((tapped,)) if is_known else ProviderWish(anyone=True)
    if turn.tap is not None or (known is not None and known.is_stay):
        return before
    return wished(before, providers_named(context.business, turn.text))


def wished(before: ProviderWish, said: NamedProviders) -> ProviderWish:
    """The wish with whom these words name or refuse."""
    if said.wished:
        # named once more by half a name: whom they chose of several stays meant
        return before if before.only is not None and before.only in said.wished else ProviderWish(said.wished)
    if said.refused:
        kept = tuple(name for name in before.named if name not in said.refused)
        return ProviderWish(kept, before.anyone or said.anyone, said.refused[0])
    return ProviderWish(anyone=True) if said.anyone else before


def settled(booking: Booking, context: Context) -> Booking:
    """The booking with those of them alone who give its service there; where nobody does, the first, so that this can
    be said."""
    named = booking.who.named
    service = context.business.service(booking.service or "")
    if service is None or not named:
        return booking
    if service.is_stay:
        return replace(booking, who=ProviderWish())
    place = context.business.place(booking.place)
    for area in (None if place is None else place.area, None):
        ids = {one.id for one in context.business.providers_of(service.id, area)}
        fitting = tuple(name for name in named if name in ids)
        if fitting:
            return replace(booking, who=replace(booking.who, named=fitting))
    return replace(booking, who=replace(booking.who, named=named[:1]))


def of_form(provider: str, before: ProviderWish) -> ProviderWish:
    """Whom they chose in a form; as it was where that was not asked in it."""
    if not provider:
        return before
    return ProviderWish(anyone=True) if provider == ANYONE else ProviderWish((provider,))


def asked_alone(candidates: tuple[str, ...], who: ProviderWish) -> tuple[str, ...]:
    """Whom of these to ask for a yes: who is wished by name alone, for another's would give them somebody else, and
    nobody whom they refuse."""
    return tuple(name for name in candidates if who.allows(name)) or candidates


def waited_for(booking: Booking, context: Context) -> ProviderWish:
    """Of whom a time is waited for, or kept in mind: of whoever gives it, where those who are wished do not give it
    there."""
    return still_giving(booking.who, booking.service, booking.place, context.business)


def still_giving(who: ProviderWish, service: str | None, place: str | None, business: Business) -> ProviderWish:
    """The wish without those who do not give that service there, or have left."""
    known, at = business.service(service or ""), business.place(place)
    if known is None:
        return ProviderWish()
    giving = {one.id for one in business.providers_of(known.id, None if at is None else at.area)}
    return replace(who, named=tuple(name for name in who.named if name in giving))


def question(lead: Lead, booking: Booking, context: Context) -> EffectRequest | None:
    """Whom they mean of several who are called so; none where that is clear."""
    known = [context.business.provider(name) for name in booking.who.named]
    several = [one for one in known if one is not None]
    return words.which(lead, several) if len(several) > 1 else None


def picked(booking: Booking, turn: CustomerTurn, context: Context) -> OfferedSlot | None:
    """Named once more, the one time of theirs among those that were offered next to it; none where there are several,
    or a day is named."""
    who = booking.who.only
    theirs = [slot for slot in booking.offered if slot.provider == who]
    if who is None or len(theirs) != 1 or turn.tap is not None or turn.understanding.entities.dates:
        return None
    return theirs[0] if who in providers_named(context.business, turn.text).wished else None


def rather(lead: Lead, booking: Booking, context: Context) -> str | None:
    """Who is meant first of several who are free alike: whom they had for it before and liked."""
    is_open = not (booking.who.named or booking.who.anyone)
    liked = liked_provider(lead, booking.service or "", context.business, context.now) if is_open else None
    return None if liked == booking.who.refused else liked


def said_before(lead: Lead, booking: Booking, offers: tuple[OfferedSlot, ...], fit: Fit, context: Context) -> str:
    """The sentence before times that are not those of whom they wished for; empty where they are, or nobody was."""
    business = context.business
    service, provider = business.service(booking.service or ""), business.provider(booking.who.only)
    if service is None or provider is None or booking.only_provider is not None:
        return ""
    if service.id not in provider.services:
        return words.not_of_service(lead, provider, service)
    place = business.place(booking.place)
    if place is not None and provider.areas and place.area not in provider.areas:
        return words.not_at_place(lead, provider, place)
    is_theirs = all(slot.provider == provider.id for slot in offers)
    return "" if is_theirs and fit in _ON_WISHED_DAYS else words.not_then(lead, provider)
