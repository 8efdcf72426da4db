"""Those who work in the demo's house: an owner and an agent, with passwords that are printed.

For a database that is gone with the demo, behind doors that listen on this machine alone.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.users import Role
from bot.engine.account_links import LinkPurpose
from bot.engine.accounts import Accounts


@dataclass(frozen=True, slots=True)
class DemoUser:
    """Somebody to sign in as."""

    email: str
    name: str
    roles: tuple[Role, ...]
    password: str


PEOPLE: Final = (
    DemoUser("owner@demo.example", "Made", (Role.ADMIN,), "the owner of this demo"),
    DemoUser("agent@demo.example", "Dewi", (Role.SALES,), "the agent of this demo"),
)


async def seed(accounts: Accounts, now: datetime) -> None:
    """Ask them in, and take up their invitations."""
    for person in PEOPLE:
        _, link = await accounts.add(person.email, person.name, person.roles, now)
        await accounts.set_password(link, LinkPurpose.INVITE, person.password, now)
