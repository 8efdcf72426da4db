"""Who is asked whether they take a booking, best first: everybody who could give it then, there, at its price."""

from collections.abc import Mapping
from datetime import timedelta

from bot.business.definition import Business
from bot.business.quotes import Quote, quote
from bot.slots.claims import Taken
from bot.slots.free import Search, candidates, room_in
from bot.slots.slot import Slot, SlotName
from bot.slots.standing import ScoreSum, best_first


def search_of(business: Business, name: SlotName, guests: int) -> Search:
    """What finds that time with everybody who gives it."""
    day = name.start.astimezone(business.zone).date()
    # hours past midnight belong to the evening before
    return Search(name.service, day - timedelta(days=1), day, name.place, None, guests, max(1, name.nights))


def askable(
    business: Business, name: SlotName, guests: int, taken: Taken, scores: Mapping[str, ScoreSum]
) -> tuple[str, ...]:
    """The providers to ask: whoever was chosen with the time first, then whom customers rate higher, then who has less
    to do that day, then the file.

    Nobody who does not work then, is busy, or costs another price: the guest was told one sum.
    """
    service = business.service(name.service)
    if service is None:
        return ()
    price = _price(business, name.provider, name, guests)
    others = [
        slot
        for slot in candidates(business, service, search_of(business, name, guests))
        if (slot.start, slot.place) == (name.start, name.place)
        and slot.provider not in {None, name.provider}
        and _price(business, slot.provider, name, guests) == price
        and (room_in(business, service, slot, taken) or 0) >= guests
    ]
    ranked: list[Slot] = list(best_first(others, scores, taken, business.zone))
    chosen = () if name.provider is None else (str(name.provider),)
    return tuple(dict.fromkeys((*chosen, *(str(slot.provider) for slot in ranked))))


def _price(business: Business, provider: object, name: SlotName, guests: int) -> int | None:
    known = business.provider(None if provider is None else str(provider))
    found = quote(
        business,
        name.service,
        None if known is None else known.id,
        name.place,
        guests=guests,
        start=name.start,
        nights=max(1, name.nights),
    )
    return found.total if isinstance(found, Quote) else None
