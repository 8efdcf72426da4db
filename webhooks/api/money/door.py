"""`GET /api/v1/money/check`: does every unit hold, and where not."""

from quart import Blueprint

from payments.services.cashier import money_check
from payments.store.store import Store
from webhooks.api.money import operations, views
from webhooks.api.money.models import MoneyCheckShown
from webhooks.edge.guard import ApiGuard
from webhooks.edge.models import Nothing
from webhooks.edge.operations import Answer, Call, mount


class MoneyDoor:
    """Reads the books; changes nothing."""

    def __init__(self, store: Store, guard: ApiGuard) -> None:
        self._store = store
        self._guard = guard

    def blueprint(self) -> Blueprint:
        """The route."""
        return mount([operations.CHECK.handled_by(self.get_check)], "money", self._guard)

    async def get_check(self, call: Call[Nothing, Nothing, Nothing]) -> Answer:
        """200 either way; `holds` says it."""
        return Answer(MoneyCheckShown.model_validate(views.checked(await money_check(self._store))))
