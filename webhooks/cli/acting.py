"""Who acts at the command line, and in which role: on record with what they do."""

from typing import TYPE_CHECKING

from webhooks.cli.terminal import misused

if TYPE_CHECKING:
    from webhooks.api.bookings.acting import Acting


def acting(by: str | None, role: str) -> "Acting":
    """As the API takes it; exit 2 where there is no such role, or no such name."""
    from pydantic import ValidationError

    from webhooks.api.bookings.acting import Acting

    try:
        return Acting.model_validate({"by": by, "role": role})
    except ValidationError as wrong:
        raise misused("; ".join(f"--{one['loc'][0]}: {one['msg']}" for one in wrong.errors())) from None
