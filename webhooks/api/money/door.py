"""`GET /api/v1/money/check`: does every unit hold, and where not (CONTRACT)."""

from quart import Blueprint, Response, request

from payments.services.cashier import money_check
from payments.store.store import Store
from webhooks.api.guard import ApiGuard
from webhooks.api.money import views
from webhooks.edge.problems import answer


class MoneyApi:
    """Reads the books; changes nothing."""

    def __init__(self, store: Store, guard: ApiGuard) -> None:
        self._store = store
        self._guard = guard

    def blueprint(self) -> Blueprint:
        """The route."""
        routes = Blueprint("money", __name__, url_prefix="/api/v1/money")
        routes.add_url_rule("/check", view_func=self.get_check)
        return routes

    async def get_check(self) -> Response:
        """200 either way; `holds` says it."""
        self._guard.require(request)
        return answer(views.checked(await money_check(self._store)))
