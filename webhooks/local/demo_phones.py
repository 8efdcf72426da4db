"""The phones of those who deliver, for the simulated world: everybody whom the business file can write to."""

from typing import Any

from bot.business.catalogue import Contact
from bot.business.definition import Business

Json = dict[str, Any]


def partner_phones(business: Business) -> list[Json]:
    """As the simulator's control door takes them: one phone a number, in the order of the file."""
    phones: dict[str, Json] = {}

    def add(contact: Contact, role: str, about: str) -> None:
        # of who is named twice it is one phone, with both names
        known = phones.setdefault(contact.phone, _phone(contact, role))
        if about and about not in known["about"] and about not in contact.name:
            known["about"] = ", ".join(filter(None, (known["about"], about)))

    for provider in business.providers:
        add(provider.contact, "provider", provider.name.say(provider.contact.language.value))
    for person in business.staff:
        add(person.contact, "staff", ", ".join(person.roles))
    for place in business.places:
        add(place.contact, "place", place.name.say(place.contact.language.value))
    for called in business.on_call:
        add(called.contact, "staff", "on call")
    return list(phones.values())


def _phone(contact: Contact, role: str) -> Json:
    return {
        "wa_id": contact.phone.removeprefix("+"),
        "name": contact.name,
        "role": role,
        "about": "",
        "language": contact.language.value,
    }
