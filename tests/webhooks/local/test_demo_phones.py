"""Whose phones the simulated world of the demo has."""

import pytest

from bot.business.contacts import contacts
from webhooks.business import SAMPLES, load_business, sample_path
from webhooks.local.demo_phones import partner_phones


@pytest.mark.parametrize("name", SAMPLES)
def test_everybody_whom_the_file_can_write_to_has_one_phone(name: str) -> None:
    business = load_business(sample_path(name))
    phones = partner_phones(business)
    numbers = [phone["wa_id"] for phone in phones]
    assert sorted(numbers) == sorted({contact.phone.removeprefix("+") for contact in contacts(business)})
    spoken = {contact.phone.removeprefix("+"): contact.language.value for contact in contacts(business)}
    assert {phone["wa_id"]: phone["language"] for phone in phones} == spoken


def test_who_is_named_for_several_places_has_all_of_them_on_the_phone() -> None:
    phones = partner_phones(load_business(sample_path("clinic")))
    (desk,) = [phone for phone in phones if phone["name"] == "Phạm Thu Trang"]
    assert desk["role"] == "place"
    assert len(desk["about"].split(", ")) == 3
