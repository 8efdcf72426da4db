"""Who of the business file is reached under a number: a provider, the contact of a place, staff, or several of them."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.business.catalogue import Contact
from bot.business.definition import Business


@dataclass(frozen=True, slots=True)
class Roles:
    """What one person is to the house."""

    name: str
    language: str
    providers: tuple[str, ...]
    places: tuple[str, ...]
    staff: tuple[str, ...]
    on_call: tuple[str, ...] = ()
    """Their names in `on_call`."""

    @property
    def workers(self) -> tuple[str, ...]:
        """The ids under which tasks are theirs."""
        return self.providers + self.staff


def contacts(business: Business) -> tuple[Contact, ...]:
    """Everybody of the file who can be written to; a person named twice is there twice."""
    parties = (business.providers, business.staff, business.places, business.on_call)
    return tuple(party.contact for named in parties for party in named)


def contact_of(business: Business, worker: str, *, is_provider: bool) -> Contact | None:
    """How that provider, or that person of the staff, is reached; none where the file does not know them."""
    known = business.provider(worker) if is_provider else business.staff_member(worker)
    return None if known is None else known.contact


def one_a_phone(providers: Iterable[str], business: Business) -> tuple[str, ...]:
    """Those of them whom the file knows, each person once, whatever they are called."""
    found: dict[str, str] = {}
    for who in providers:
        contact = contact_of(business, who, is_provider=True)
        if contact is not None:
            found.setdefault(contact.phone, who)
    return tuple(found.values())


def roles_of(business: Business, phone: str) -> Roles | None:
    """What the person with that number is to the house; none where the file does not know it."""
    known = [contact for contact in contacts(business) if contact.phone == phone]
    if not known:
        return None
    return Roles(
        known[0].name,
        known[0].language.value,
        tuple(str(one.id) for one in business.providers if one.contact.phone == phone),
        tuple(str(one.id) for one in business.places if one.contact.phone == phone),
        tuple(str(one.id) for one in business.staff if one.contact.phone == phone),
        tuple(one.name for one in business.on_call if one.phone == phone),
    )
