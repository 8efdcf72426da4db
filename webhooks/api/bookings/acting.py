"""Who acts for the business, in which role, why, and what they may set: shared by every step that changes a booking."""

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, StrictInt, StrictStr, StringConstraints

from bot.domain.change import Cause
from bot.domain.overrides import LONGEST_REASON
from bot.domain.users import Role
from bot.engine.staff_actions import MACHINE
from webhooks.edge.fields import Identifier, Otherwise, Words, clean, not_blank
from webhooks.edge.models import EdgeModel

_CAUSES = "customer, business, partner or force_majeure"
_NO_CAUSE = f"cause is needed, and says whose doing it is: {_CAUSES}."
_SUM = "{} is a whole number of minor units, not below nothing."

Sum = Annotated[StrictInt, Field(ge=0, le=10**12)]


ROLES = ", ".join(Role)
ActingRole = Annotated[
    Role,
    Otherwise("unknown-role", f"role is one of {ROLES}.", 422),
    Field(description="It says what they may do."),
]


class Acting(EdgeModel):
    """Who asks, and in which role; on record with what they did."""

    by: Annotated[
        Identifier | None,
        Field(description="Who it is, by name or id: `machine` where left out, or whoever is signed in."),
    ] = None
    role: ActingRole = Role.OPERATIONS

    @property
    def person(self) -> str:
        """Whose doing it is, on record."""
        return self.by or MACHINE.person


class Caused(Acting):
    """Whose doing it is, and what a person sets in place of the policy."""

    cause: Annotated[
        Cause,
        Otherwise("missing-cause", _NO_CAUSE, 422, "missing"),
        Otherwise("unknown-cause", _NO_CAUSE, 422),
        Field(description="It alone chooses the policy, the apology and who bears what."),
    ]
    fee: Annotated[
        Sum | None,
        Otherwise("bad-sum", _SUM.format("fee")),
        Field(description="In place of the policy's, for operations, finance and admin; with the reason, on record."),
    ] = None
    refund: Annotated[
        Sum | None,
        Otherwise("bad-sum", _SUM.format("refund")),
        Field(description="What comes back, in place of the policy's; as for the fee."),
    ] = None


class Because(Caused):
    """Why, and whose doing it is; the customer and the record are told."""

    reason: Words


class OverrideAsked(EdgeModel):
    """That the rules of the house do not count for this time."""

    reason: Annotated[
        StrictStr,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_REASON),
        BeforeValidator(clean),
        AfterValidator(not_blank),
        Field(description="Why, on record with who and in which role."),
    ]


NO_REASON = Otherwise(
    "no-reason", f"override has a reason: in 1 to {LONGEST_REASON} characters why the rules do not count.", 422
)
OverrideOfBooking = Annotated[
    OverrideAsked | None,
    NO_REASON,
    Field(
        description="For operations and admin: notice, advance, opening hours, nights, number of guests and what a "
        "rule of the house forbids do not count. The slot may be one that no list shows: "
        "`service|provider|20261224T0200Z|place`, in UTC, for a stay with `|nights` behind. What is taken, past, "
        "without a price, on a day off, or more guests than its place or session holds is refused as ever."
    ),
]
OverrideOfMove = Annotated[
    OverrideAsked | None,
    NO_REASON,
    Field(
        description="For operations and admin: notice, advance, opening hours, nights and number of guests do not "
        "count for the time that is named. It may be one that no list shows, as for a new booking; what is refused "
        "there as ever is refused here."
    ),
]
