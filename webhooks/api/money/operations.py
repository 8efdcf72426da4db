"""The routes of money, declared."""

from typing import Final

from webhooks.api.money.models import MoneyCheckShown
from webhooks.edge.models import Nothing
from webhooks.edge.operations import Method, Operation, Tag

CHECK: Final = Operation(
    Method.GET,
    "/money/check",
    Tag.MONEY,
    "Does every unit hold, and where not; 200 either way",
    {200: MoneyCheckShown},
    Nothing,
    Nothing,
    Nothing,
)

OPERATIONS: Final = (CHECK,)
