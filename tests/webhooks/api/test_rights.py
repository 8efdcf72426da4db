"""Every route × every role × nobody: what stands in no row of the table is refused, at the API and in the console."""

import re
from dataclasses import dataclass
from typing import Any, Final

import pytest
from argon2 import PasswordHasher

from bot.domain.users import SIGNS_IN, Act, Role, role_for, who_may
from tests.journeys.world import API_TOKEN, World
from webhooks.api.operations import OPERATIONS
from webhooks.api.rights import NEEDS_A_PERSON, RIGHTS
from webhooks.console.guard import is_console, needs_of
from webhooks.doorway import doors_of
from webhooks.edge.guard import UndeclaredOperation
from webhooks.edge.operations import PREFIX, Method, Operation
from webhooks.edge.sessions import CSRF_HEADER, PLAIN_COOKIE
from webhooks.processes.web import create_app

pytestmark = pytest.mark.mongo

AnyOperation = Operation[Any, Any, Any]
Json = dict[str, Any]
PASSWORD: Final = "a sentence by the sea"
CHEAP: Final = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
ROLES: Final = tuple(role for role in Role if role in SIGNS_IN)


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody who is signed in, and the application."""

    client: Any
    world: World

    async def signed_in(self, *roles: Role, email: str = "ayu@example.com") -> Json:
        """The headers of their browser."""
        client = await self.world.person(*roles, email=email)
        return {name: client.headers[name] for name in ("Cookie", CSRF_HEADER, "X-Id")}

    async def ask(self, method: str, path: str, headers: Json, body: Json | None = None) -> tuple[int, Json]:
        answer = await self.client.open(path, method=method.upper(), headers=headers, json=body)
        kind = answer.headers.get("Content-Type", "")
        return answer.status_code, await answer.get_json() if "json" in kind else {}


@pytest.fixture
async def staff(world: World) -> Staff:
    return Staff(create_app(doors_of(world.process)).test_client(), world)


def path_of(operation: AnyOperation) -> str:
    return PREFIX + re.sub(r"\{\w+(?::\w+)?\}", "x", operation.path)


def test_the_table_has_each_operation_and_nothing_else() -> None:
    assert set(RIGHTS) == {operation.name for operation in OPERATIONS}


async def test_a_machine_has_its_rights_and_no_persons_yes(staff: Staff) -> None:
    assert set(RIGHTS) >= NEEDS_A_PERSON
    for operation in OPERATIONS:
        status, told = await staff.ask(operation.method, path_of(operation), {"Authorization": f"Bearer {API_TOKEN}"})
        needs_a_person = told.get("type") == "urn:janji:problem:needs-a-person"
        assert needs_a_person is (operation.name in NEEDS_A_PERSON), operation.name
        assert status != 401, operation.name


def test_no_act_of_reading_or_seeing_lets_anybody_write() -> None:
    reading = {Act.LOOK, Act.READ_CONVERSATIONS, Act.SEE_CONTACT, Act.SEE_MONEY}
    writing = [name for name, act in RIGHTS.items() if act in reading and not name.startswith("get ")]
    assert writing == [f"{method} /conversations/{{lead_id}}/presence" for method in ("post", "delete")]


def test_who_reads_what_customers_wrote_may_see_who_they_are() -> None:
    assert {role for role in ROLES if role_for((role,), Act.READ_CONVERSATIONS)} <= set(who_may(Act.SEE_CONTACT))


async def test_an_operation_without_a_row_is_not_mounted(world: World) -> None:
    guard = doors_of(world.process).alarms._guard
    with pytest.raises(UndeclaredOperation):
        guard.act_of("get /secrets")


async def test_nobody_without_a_session_or_the_token_gets_anywhere(staff: Staff) -> None:
    for operation in OPERATIONS:
        for headers in ({}, {"Cookie": f"{PLAIN_COOKIE}=forged"}):
            status, told = await staff.ask(operation.method, path_of(operation), headers)
            if (status, told.get("type")) != (429, "urn:janji:problem:too-many-requests"):
                assert (status, told["type"]) == (401, "urn:janji:problem:not-authorised"), operation.name


@pytest.mark.parametrize("role", ROLES)
async def test_each_role_gets_where_the_table_says_and_nowhere_else(staff: Staff, role: Role) -> None:
    headers = await staff.signed_in(role)
    for operation in OPERATIONS:
        status, told = await staff.ask(operation.method, path_of(operation), headers)
        is_refused = "Your roles do not allow this" in told.get("detail", "")
        allowed = role_for((role,), RIGHTS[operation.name]) is not None
        assert is_refused is not allowed, f"{operation.name}: {status} {told}"
        assert status != 401, operation.name


async def test_every_write_needs_the_token_of_the_session(staff: Staff) -> None:
    headers = await staff.signed_in(*ROLES)
    for operation in OPERATIONS:
        if operation.method is Method.GET:
            continue
        for forged in ({CSRF_HEADER: "0" * 64}, {CSRF_HEADER: ""}, {"Sec-Fetch-Site": "cross-site"}):
            status, told = await staff.ask(operation.method, path_of(operation), {**headers, **forged})
            assert (status, told["type"]) in {
                (403, "urn:janji:problem:csrf"),
                (403, "urn:janji:problem:foreign-page"),
            }, operation.name


async def test_every_write_of_the_console_needs_the_token_of_the_session(staff: Staff) -> None:
    headers = await staff.signed_in(*ROLES)
    app, walked = staff.client.app, 0
    for rule in app.url_map.iter_rules():
        if not is_console(rule.rule) or needs_of(app.view_functions[rule.endpoint]) is None:
            continue
        path = re.sub(r"<[^>]+>", "x", rule.rule)
        for method in rule.methods & {"POST", "PUT", "PATCH", "DELETE"}:
            for forged in ({CSRF_HEADER: "0" * 64}, {CSRF_HEADER: ""}, {"Sec-Fetch-Site": "cross-site"}):
                status, told = await staff.ask(method, path, {**headers, **forged})
                assert (status, told.get("type")) in {
                    (403, "urn:janji:problem:csrf"),
                    (403, "urn:janji:problem:foreign-page"),
                }, f"{method} {path}"
            walked += 1
    assert walked > 20


async def test_a_wrong_token_is_not_saved_by_a_good_session(staff: Staff) -> None:
    headers = await staff.signed_in(*ROLES)
    status, _ = await staff.ask("get", f"{PREFIX}/bookings", {**headers, "Authorization": "Bearer wrong"})
    assert status == 401


@pytest.mark.parametrize("role", [None, *ROLES])
async def test_each_page_of_the_console_lets_in_whom_it_says(staff: Staff, role: Role | None) -> None:
    headers = {} if role is None else await staff.signed_in(role)
    app = staff.client.app
    walked = 0
    for rule in app.url_map.iter_rules():
        if not is_console(rule.rule) or "static" in rule.endpoint or "sign-out" in rule.rule or "events" in rule.rule:
            continue
        needs, path = needs_of(app.view_functions[rule.endpoint]), re.sub(r"<[^>]+>", "x", rule.rule)
        for method in rule.methods & {"GET", "POST", "DELETE"}:
            status, told = await staff.ask(method, path, {**headers, "Accept": "text/html"})
            walked += 1
            if needs is None:
                assert told.get("type") not in {"urn:janji:problem:may-not", "urn:janji:problem:signed-out"}, path
            elif role is None:
                assert status == (303 if method == "GET" else 401), f"{method} {path}"
            else:
                allowed = all(role_for((role,), act) for act in needs)
                assert (told.get("type") == "urn:janji:problem:may-not") is not allowed, f"{method} {path}"
                assert status != 401, path
    assert walked > 8


async def test_a_person_acts_as_themself_whatever_the_body_says(staff: Staff) -> None:
    headers = await staff.signed_in(Role.SALES, Role.FINANCE)
    cancel = f"{PREFIX}/bookings/x/cancel"
    for body, kind in (
        ({"by": "somebody else"}, "not-you"),
        ({"role": "admin"}, "not-your-role"),
        ({"role": "finance"}, "not-your-role"),
        ({"role": ["sales"]}, "not-your-role"),
    ):
        status, told = await staff.ask("post", cancel, headers, {"cause": "business", "reason": "r", **body})
        assert (status, told["type"]) == (403, f"urn:janji:problem:{kind}")
    body = {"cause": "business", "reason": "r", "by": headers["X-Id"], "role": "sales"}
    status, told = await staff.ask("post", cancel, headers, body)
    assert (status, told["type"]) == (404, "urn:janji:problem:no-such-booking")
    status, told = await staff.ask("delete", f"{PREFIX}/bookings/x/changes/C1?by=somebody", headers)
    assert (status, told["type"]) == (403, "urn:janji:problem:not-you")


async def test_one_persons_answer_under_a_key_is_not_anothers(staff: Staff) -> None:
    first = await staff.signed_in(Role.SALES)
    second = await staff.signed_in(Role.SALES, email="budi@example.com")
    body, key = {"service": "nothing", "slot_id": "x", "lead_id": "y"}, {"Idempotency-Key": "1"}
    assert (await staff.ask("post", f"{PREFIX}/bookings", {**first, **key}, body))[0] == 422
    other = {**body, "slot_id": "another"}
    assert (await staff.ask("post", f"{PREFIX}/bookings", {**first, **key}, other))[1]["type"].endswith("reused")
    assert (await staff.ask("post", f"{PREFIX}/bookings", {**second, **key}, other))[1]["type"].endswith("service")


async def test_who_may_not_see_contacts_gets_them_masked_and_the_machine_as_ever(world: World, staff: Staff) -> None:
    phone = await world.phone("Sari Dewi", wa_id="6281234567890")
    await phone.say("halo")
    await world.quiet()
    lead = await world.lead_of(phone)
    finance = await staff.signed_in(Role.FINANCE)
    sales = await staff.signed_in(Role.SALES, email="budi@example.com")
    machine = {"Authorization": f"Bearer {API_TOKEN}"}
    shown = {}
    for name, headers in (("finance", finance), ("sales", sales), ("machine", machine)):
        shown[name] = (await staff.ask("get", f"{PREFIX}/leads/{lead['id']}", headers))[1]
        (listed,) = (await staff.ask("get", f"{PREFIX}/leads?phone=6281234567890", headers))[1]["items"]
        assert listed == shown[name]
    assert (shown["sales"]["wa_id"], shown["sales"]["name"]) == ("6281234567890", "Sari Dewi")
    assert shown["machine"] == shown["sales"]
    assert (shown["finance"]["wa_id"], shown["finance"]["name"]) == ("•••90", "S•••")
    assert "6281234567890" not in str(shown["finance"])
