"""What is said about a booking, rendered: questions, proposals, the summary, and what becomes of it."""

from collections.abc import Sequence
from dataclasses import replace

from bot.business.catalogue import Place, Service, Venue
from bot.business.context import Context
from bot.business.definition import Business
from bot.business.quotes import PriceGap, Quote, price_gap, quote
from bot.domain import message_limits as limits
from bot.domain.booking import Booking, OfferedSlot
from bot.domain.commands import Button, SendButtons, SendFlow, SendLink, SendList, SendText
from bot.domain.known_answers import KnownAnswers
from bot.domain.lead import Lead
from bot.domain.outcome import EffectRequest
from bot.domain.states import CLOSED, IN_PROGRESS, UPCOMING
from bot.replies import credit_words, times, zones
from bot.replies import phone_bookings as phone
from bot.replies.words import say
from payments.domain.money import Money

SERVICE_TAP = "svc:"
SERVICES_TAP = "svcs:"
PLACE_TAP = "place:"
SLOT_TAP = "slot:"
CONFIRM_TAP = "confirm:"
OTHER_TAP = "other:"
DROP_TAP = "drop:"
CANCEL_TAP = "cancel:"
CHANGE_TAP = "change:"
KEEP_TAP = "keep:"
DAY_TAP = "day:"


def service_question(lead: Lead, context: Context, services: Sequence[Service] = (), page: int = 0) -> EffectRequest:
    """Which service: a list of all, page by page, or of those that were meant alike."""
    key = "booking.ask.which_service" if services else "booking.ask.service"
    shown = list(services or context.business.services)
    rows = [_service_row(lead, service) for service in shown]
    if len(rows) > limits.LIST_ROWS:
        rows = _page(lead, rows, page)
    return EffectRequest(SendList(say(key, lead.language), say("booking.button.choose", lead.language), tuple(rows)))


def form_invitation(lead: Lead, flow_id: str, booking: Booking) -> EffectRequest:
    """The booking form behind a button, begun with what is known of the booking, and that writing does as well."""
    language = lead.language
    body, label = say("form.invitation", language), say("form.button.open", language)
    known = KnownAnswers.of(booking.service, booking.wish, booking.guests, booking.who)
    place = booking.place if booking.place is not None or booking.chosen is None else booking.chosen.place
    return EffectRequest(SendFlow(body, label, flow_id, str(language), place, known=known))


def _page(lead: Lead, rows: list[Button], page: int) -> list[Button]:
    size = limits.LIST_ROWS - 1
    start = page * size if page * size < len(rows) else 0
    shown = rows[start : start + size]
    following = (start + size) // size if start + size < len(rows) else 0
    return [*shown, Button(f"{SERVICES_TAP}{following}", say("booking.row.more", lead.language))]


def _service_row(lead: Lead, service: Service) -> Button:
    return Button(
        f"{SERVICE_TAP}{service.id}",
        fitting(service.name.say(lead.language), limits.ROW_TITLE),
        fitting(service.summary.say(lead.language), limits.ROW_DESCRIPTION),
    )


def fitting(text: str, limit: int) -> str:
    """The text, or as many whole words of it as fit, with a sign that there is more."""
    if len(text) <= limit:
        return text
    return text[: limit - 1].rsplit(" ", 1)[0] + "…"


def taps_of(said: EffectRequest) -> tuple[str, ...]:
    """The taps a list or buttons offer, in order."""
    match said.command:
        case SendList(rows=rows):
            return tuple(row.id for row in rows)
        case SendButtons(buttons=buttons):
            return tuple(button.id for button in buttons)
        case _:
            return ()


def place_question(lead: Lead, service: Service, places: Sequence[Place]) -> EffectRequest:
    """Where: a list of the places, the first ten of them."""
    rows = tuple(
        Button(f"{PLACE_TAP}{place.id}", fitting(place.name.say(lead.language), limits.ROW_TITLE))
        for place in places[: limits.LIST_ROWS]
    )
    body = say("booking.ask.place", lead.language, service=service.name.say(lead.language))
    return EffectRequest(SendList(body, say("booking.button.choose", lead.language), rows))


def text_message(lead: Lead, key: str, service: Service | None = None, **fields: str) -> EffectRequest:
    """A question or notice in plain words."""
    if service is not None:
        fields["service"] = service.name.say(lead.language)
    return EffectRequest(SendText(say(key, lead.language, **fields)))


def proposal(
    lead: Lead, booking: Booking, service: Service, fit: str, context: Context, prefix: str = ""
) -> EffectRequest:
    """The offered times as buttons (or a list where they would read alike), with what holds them."""
    zone, language = context.business.zone, lead.language
    first = booking.offered[0]
    head = say(
        f"booking.offer.{fit}",
        language,
        service=service.name.say(language),
        people=people(lead, booking),
        zone_note=zones.note(lead, first.start, context),
    )
    lines = [f"{number}. {_offer_line(lead, booking, one, context)}" for number, one in enumerate(booking.offered, 1)]
    until = [one.held_until for one in booking.offered if one.held_until is not None]
    if not until:
        how_long = say("booking.offer.not_held", lead.language)
    else:
        how_long = say(
            "booking.offer.held_until",
            lead.language,
            until=times.clock(min(until), context.business.zone, lead.language),
        )
    body = "\n".join(filter(None, [prefix, head, *lines, how_long]))
    titles = [times.short_moment(one.start, zone, language) for one in booking.offered]
    buttons = [Button(f"{SLOT_TAP}{one.slot_id}", title) for one, title in zip(booking.offered, titles, strict=True)]
    if len(buttons) <= limits.BUTTONS and len(set(titles)) == len(titles) and len(body) <= limits.BODY:
        return EffectRequest(SendButtons(body, tuple(buttons)))
    rows = tuple(
        replace(button, description=fitting(where(one, context, lead), limits.ROW_DESCRIPTION))
        for button, one in zip(buttons, booking.offered, strict=True)
    )
    return EffectRequest(
        SendList(fitting(body, limits.BODY), say("booking.button.choose", language), rows[: limits.LIST_ROWS])
    )


def as_wished(lead: Lead, booking: Booking, context: Context) -> str:
    """Behind the hours: with whom they wished it."""
    slot, provider = booking.chosen, context.business.provider(booking.who.only)
    if slot is None or provider is None or slot.provider != provider.id:
        return ""
    return ", " + say("booking.with_provider", lead.language, provider=provider.name.say(lead.language))


def _offer_line(lead: Lead, booking: Booking, offered: OfferedSlot, context: Context) -> str:
    zone, language = context.business.zone, lead.language
    day, hours = times.long_day(offered.start, zone, language), times.hours(offered.start, offered.end, zone, language)
    # of several who are asked nobody is promised; who is wished by name is asked alone
    is_asked = context.business.is_dispatched(booking.service) and offered.provider != booking.who.only
    provider = None if is_asked else context.business.provider(offered.provider)
    who = "" if provider is None else say("booking.with_provider", language, provider=provider.name.say(language))
    return ", ".join(filter(None, [day, hours, who]))


def where(offered: OfferedSlot, context: Context, lead: Lead) -> str:
    place = context.business.place(offered.place)
    return "" if place is None else place.name.say(lead.language)


def people(lead: Lead, booking: Booking) -> str:
    """For how many, and for a stay how many nights."""
    count = booking.guests or 1
    said = say("booking.people", lead.language, count=count)
    if booking.nights:
        said += ", " + say("booking.nights", lead.language, count=booking.nights)
    return said


def price_gap_of(booking: Booking, slot: OfferedSlot, business: Business) -> PriceGap | None:
    """What the price book lacks for that time and these guests; none where they have a price, or it is free."""
    service = business.service(booking.service or "")
    if service is None:
        return None
    provider, place = business.provider(slot.provider), business.place(slot.place)
    return price_gap(
        business,
        service.id,
        None if provider is None else provider.id,
        None if place is None else place.id,
        guests=booking.guests or service.min_guests,
        start=slot.start,
        nights=max(1, slot.nights),
    )


def quoted(booking: Booking, slot: OfferedSlot, business: Business) -> Quote | None:
    """The price of that time for these guests, or none when the business has no price for it."""
    service = business.service(booking.service or "")
    if service is None:
        return None
    provider, place = business.provider(slot.provider), business.place(slot.place)
    answer = quote(
        business,
        service.id,
        None if provider is None else provider.id,
        None if place is None else place.id,
        guests=booking.guests or service.min_guests,
        start=slot.start,
        nights=max(1, slot.nights),
        of_any_size=booking.is_of_any_size,
    )
    return answer if isinstance(answer, Quote) else None


def price_in_words(lead: Lead, price: Money | None) -> str:
    """The sum, or that it is free."""
    return say("booking.price.free", lead.language) if not price else times.money(price, lead.language)


def facts(lead: Lead, booking: Booking, context: Context) -> dict[str, str]:
    """Everything a person needs to know of a booking and its chosen time, in words; of no time nothing is said."""
    language = lead.language
    service = context.business.service(booking.service or "")
    return {
        "service": booking.service or "" if service is None else service.name.say(language),
        **_time_and_place(lead, booking.chosen, context, address=knows_address(booking, context)),
        "people": people(lead, booking),
        "price": price_in_words(lead, booking.price),
        "reference": str(booking.reference),
    }


def knows_address(booking: Booking, context: Context) -> bool:
    """Whether the street may be told: of a house of ours to anybody, of a villa to who has a booking there."""
    service = context.business.service(booking.service or "")
    is_open_to_all = service is not None and service.venue is Venue.OWN_PLACE and not service.is_stay
    return booking.booked_hold is not None or is_open_to_all


def _time_and_place(lead: Lead, slot: OfferedSlot | None, context: Context, *, address: bool) -> dict[str, str]:
    language, business = lead.language, context.business
    if slot is None:
        return dict.fromkeys(("day", "hours", "zone", "zone_note", "place"), "")
    place = business.place(slot.place)
    named = [] if place is None else [place.name.say(language), *([place.address] if address else [])]
    return {
        "day": times.long_day(slot.start, business.zone, language),
        "hours": times.hours(slot.start, slot.end, business.zone, language),
        # an approved template has its zone in any case
        "zone": times.zone_in_words(slot.start, business.zone, language),
        "zone_note": zones.note(lead, slot.start, context),
        "place": "\n" + ", ".join(named) if named else "",
    }


def access_notes(lead: Lead, booking: Booking, context: Context) -> str:
    """How to get into a house of ours; nothing before the booking is confirmed, or after it has ended.

    Who stays in a villa that we come to is in already, and anybody can name a villa: those notes are not told here.
    """
    service = context.business.service(booking.service or "")
    place = None if booking.chosen is None else context.business.place(booking.chosen.place)
    if service is None or place is None or place.access is None or service.venue is not Venue.OWN_PLACE:
        return ""
    stands = booking.booked_hold is not None and booking.state not in IN_PROGRESS | CLOSED
    return place.access.say(lead.language) if stands else ""


def expectation(lead: Lead, booking: Booking, context: Context) -> str:
    """What to expect and how to get in, each as a paragraph of its own; empty when the business says nothing."""
    service = context.business.service(booking.service or "")
    expect = "" if service is None or service.expect is None else service.expect.say(lead.language)
    return "".join(f"\n\n{text}" for text in (expect, access_notes(lead, booking, context)) if text)


def meeting_link(booking: Booking, context: Context) -> str:
    """Where it takes place online; of what is not confirmed nothing is told, so that nobody comes who has not paid."""
    service = context.business.service(booking.service or "")
    link = None if service is None else service.meeting_of(str(booking.reference))
    return link if link is not None and booking.state in UPCOMING else ""


def meeting(lead: Lead, booking: Booking, context: Context) -> str:
    """The same as a paragraph of its own."""
    link = meeting_link(booking, context)
    return f"\n\n{say('booking.meeting', lead.language, link=link)}" if link else ""


def summary(lead: Lead, booking: Booking, context: Context, prefix: str = "") -> EffectRequest:
    """All that is about to be booked, and the explicit question."""
    assert booking.chosen is not None
    known = facts(lead, booking, context)
    known |= {"price": known["price"] + credit_words.will_pay(lead, booking, context)}
    known["hours"] += as_wished(lead, booking, context)
    body = say("booking.summary", lead.language, expect=expectation(lead, booking, context), **known)
    if len(prefix) + len(body) + 1 > limits.BODY:
        # what to expect is said again with the confirmation, where there is room
        body = say("booking.summary", lead.language, expect="", **known)
    return EffectRequest(SendButtons("\n".join(filter(None, [prefix, body])), _yes_other_no(lead, booking)))


def _yes_other_no(lead: Lead, booking: Booking) -> tuple[Button, ...]:
    assert booking.chosen is not None
    return (
        Button(f"{CONFIRM_TAP}{booking.chosen.slot_id}", say("booking.button.confirm", lead.language)),
        Button(f"{OTHER_TAP}{booking.reference}", say("booking.button.other_time", lead.language)),
        Button(f"{DROP_TAP}{booking.reference}", say("booking.button.cancel", lead.language)),
    )


def asking_yes(lead: Lead, key: str, booking: Booking, context: Context) -> EffectRequest:
    """The explicit question in few words: what was summed up before is not said in full again."""
    known = facts(lead, booking, context)
    if booking.chosen is not None and known["place"]:
        known["place"] = f"\n{where(booking.chosen, context, lead)}"
    known["yes"] = say("booking.button.confirm", lead.language)
    known["hours"] += as_wished(lead, booking, context)
    return EffectRequest(SendButtons(say(key, lead.language, **known), _yes_other_no(lead, booking)))


def booking_notice(
    lead: Lead, key: str, booking: Booking, context: Context, *, expect: bool = False, **more: str
) -> EffectRequest:
    """A text about a chosen time, its facts filled in, with the template that stands for it where there is one."""
    known = facts(lead, booking, context) | more
    if expect:
        known["expect"] = expectation(lead, booking, context) + meeting(lead, booking, context)
    order = SendText(say(key, lead.language, **known), phone.outside(lead, booking, key, known, context))
    said = EffectRequest(order, is_fact=True)
    return phone.as_agreed(lead, booking, said) if key in phone.FIRST else said


def yes_or_no(lead: Lead, key: str, booking: Booking, context: Context, yes: tuple[str, str]) -> EffectRequest:
    """A question about a booking that stands, with its two answers; `yes` is (tap, label key)."""
    tap, label = yes
    buttons = (
        Button(f"{tap}{booking.reference}", say(label, lead.language)),
        Button(f"{KEEP_TAP}{booking.reference}", say("booking.button.keep", lead.language)),
    )
    return EffectRequest(SendButtons(say(key, lead.language, **facts(lead, booking, context)), buttons))


def joined(lead: Lead, *parts: tuple[str, dict[str, str]]) -> EffectRequest:
    """Several sentences in one bubble: each bubble costs money."""
    return EffectRequest(SendText("\n".join(say(key, lead.language, **fields) for key, fields in parts)))


def status_text(lead: Lead, booking: Booking, context: Context) -> str:
    """Where a booking stands, in a sentence, and the policy it was sold under where the house has words of its own."""
    key = "booking.status_waiting" if booking.awaiting else "booking.status"
    sold = context.sold_under(booking)
    own = sold.policy_for(sold.service(booking.service or "")).text
    parts = (say(key, lead.language, **facts(lead, booking, context)), "" if own is None else own.say(lead.language))
    return "\n\n".join(filter(None, parts))


def with_first(said: EffectRequest, before: EffectRequest) -> EffectRequest:
    """The same words with the text of another message before them, in one bubble."""
    assert isinstance(before.command, SendText)
    return with_before(said, before.command.body)[-1]


def with_before(said: EffectRequest, text: str) -> tuple[EffectRequest, ...]:
    """The same words with a text before them: in one bubble where it fits, for each costs money; else in two."""
    order = said.command
    if not text:
        return (said,)
    match order:
        case SendText(body=body) if len(text) + len(body) + 2 <= limits.TEXT:
            return (replace(said, command=replace(order, body=f"{text}\n\n{body}")),)
        case SendButtons(body=body) | SendList(body=body) | SendFlow(body=body) | SendLink(body=body) if (
            len(text) + len(body) + 2 <= limits.BODY
        ):
            return (replace(said, command=replace(order, body=f"{text}\n\n{body}")),)
        case _:
            return (EffectRequest(SendText(text), supersedable=said.supersedable), said)
