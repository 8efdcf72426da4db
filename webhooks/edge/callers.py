"""Who calls the API: the machine with the one token, or a person who is signed in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel

from bot.domain.change import Requester
from bot.domain.ids import AgentId
from bot.domain.users import Act, Role, role_for
from bot.engine.accounts import SignedIn
from bot.engine.staff_actions import MACHINE
from webhooks.edge.problems import RequestRefused, problem


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose doing it is, and what of people they are shown."""

    asks: Requester
    sees_contact: bool
    roles: tuple[Role, ...] = ()
    """A person's, in which they may do what is asked; none of a machine, which names whom it acts for."""
    sees_money: bool = True

    @property
    def is_person(self) -> bool:
        """Whether somebody is signed in."""
        return bool(self.roles)

    @property
    def agent(self) -> AgentId:
        """Under which name they have conversations; the machine's was this one from the first version on."""
        return AgentId(self.asks.person if self.is_person else "api")

    def in_role_for(self, act: Act) -> Requester | None:
        """The same, in the first role of theirs that may this as well; none where none may. A machine may."""
        role = role_for(self.roles, act)
        if not self.is_person:
            return self.asks
        return None if role is None else Requester(self.asks.person, role.value)

    def named_in(self, shape: type[BaseModel], given: Mapping[str, Any]) -> Mapping[str, Any]:
        """What was sent, with who sends it where that is said; a person acts as nobody else. RequestRefused."""
        if not self.is_person or "by" not in shape.model_fields:
            return given
        if given.get("by") not in (None, self.asks.person):
            raise RequestRefused(problem(403, "not-you", "by is who is signed in; leave it out."))
        named = {**given, "by": self.asks.person}
        if "role" in shape.model_fields:
            role = self.asks.role if given.get("role") is None else given["role"]
            if role not in tuple(self.roles):
                allowed = ", ".join(self.roles)
                raise RequestRefused(
                    problem(403, "not-your-role", f"role is one of yours that may do this: {allowed}.")
                )
            named["role"] = role
        return named


THE_MACHINE: Final = Caller(MACHINE, sees_contact=True)
"""Who has the token: it sees all, and says in whose name it acts."""


def person(who: SignedIn, act: Act) -> Caller | None:
    """That person, as who does this; none where no role of theirs may."""
    roles = tuple(role for role in who.user.roles if role_for((role,), act) is not None)
    if not roles:
        return None
    return Caller(Requester(who.id, roles[0].value), who.may(Act.SEE_CONTACT), roles, who.may(Act.SEE_MONEY))
