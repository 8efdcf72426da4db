"""Who may what: one table, complete, and nothing outside it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.users import MAY, SIGNS_IN, Act, Role, User, email_of, role_for, who_may

NOW = datetime(2026, 3, 14, tzinfo=UTC)


def user(*roles: Role, revoked: bool = False) -> User:
    return User("user:1", "ayu@example.com", "Ayu", roles, NOW, revoked_at=NOW if revoked else None)


def test_every_role_has_a_row_and_every_act_somebody_who_may() -> None:
    assert set(MAY) == set(Role)
    assert [act for act in Act if not who_may(act)] == []


def test_only_admins_administer_and_only_money_people_pay_out() -> None:
    assert who_may(Act.ADMINISTER) == (Role.ADMIN,)
    assert who_may(Act.PAY_OUT) == (Role.FINANCE, Role.ADMIN)
    assert who_may(Act.APPROVE_MONEY) == (Role.FINANCE, Role.SUPPORT, Role.ADMIN)


def test_a_yes_to_a_time_is_given_by_who_talks_to_guests_and_not_by_rank() -> None:
    assert who_may(Act.CONFIRM_SLOT) == (Role.SALES, Role.OPERATIONS)


def test_conversations_are_taken_over_by_sales_support_and_admins() -> None:
    assert who_may(Act.WRITE_CONVERSATIONS) == (Role.SALES, Role.SUPPORT, Role.ADMIN)


def test_finance_does_its_work_without_seeing_who_the_customers_are() -> None:
    assert not user(Role.FINANCE).may(Act.SEE_CONTACT)
    assert not user(Role.FINANCE).may(Act.READ_CONVERSATIONS)


def test_two_roles_may_what_either_may_and_act_in_the_first_that_may() -> None:
    both = user(Role.SALES, Role.FINANCE)
    assert both.may(Act.PAY_OUT)
    assert both.may(Act.WRITE_CONVERSATIONS)
    assert role_for(both.roles, Act.PAY_OUT) is Role.FINANCE
    assert role_for(both.roles, Act.LOOK) is Role.SALES


def test_who_delivers_does_not_sign_in_whatever_the_table_says_of_providers() -> None:
    assert Role.PROVIDER not in SIGNS_IN
    assert [act for act in Act if user(Role.PROVIDER).may(act)] == []


def test_a_revoked_user_and_one_without_a_role_may_nothing() -> None:
    assert [act for act in Act if user(Role.ADMIN, revoked=True).may(act)] == []
    assert [act for act in Act if user().may(act)] == []


@pytest.mark.parametrize("given", [" Ayu@Example.com ", "ayu@example.com"])
def test_an_address_has_one_form(given: str) -> None:
    assert email_of(given) == "ayu@example.com"


@pytest.mark.parametrize("given", ["", "ayu", "ayu@", "@example.com", "a b@example.com", "a@b", "x" * 300 + "@e.com"])
def test_what_is_no_address_is_none(given: str) -> None:
    assert email_of(given) is None


def test_the_page_shows_the_table_as_it_is() -> None:
    page = (Path(__file__).parents[3] / "docs" / "console.md").read_text("utf-8").splitlines()
    head = next(line for line in page if line.startswith("| act |"))
    roles = [Role(cell.strip()) for cell in head.split("|")[3:-1]]
    shown = {
        cells[1].strip(" `"): {role for role, cell in zip(roles, cells[3:-1], strict=True) if cell.strip() == "yes"}
        for cells in (line.split("|") for line in page if line.startswith("| `"))
        if len(cells) == len(roles) + 4
    }
    assert shown == {act.value: set(who_may(act)) for act in Act}
