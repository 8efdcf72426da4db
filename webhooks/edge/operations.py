"""One route of the API, declared: its path, who may call it, what it takes and what it answers.

From the same declaration come the check of a request (`read`), the route itself (`mount`) and the description
(`webhooks.edge.description`), so that none of the three can say anything else than the others.
"""

import hashlib
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from http import HTTPStatus
from typing import Any, ClassVar, Final, Generic, TypeVar

import orjson
from pydantic import BaseModel, ValidationError
from quart import Blueprint, Request, Response, request
from werkzeug.datastructures import LanguageAccept

from bot.domain.languages import CODES
from webhooks.edge.callers import THE_MACHINE, Caller
from webhooks.edge.fields import Otherwise
from webhooks.edge.guard import ApiGuard
from webhooks.edge.masked import masked
from webhooks.edge.problems import RequestRefused, problem

PREFIX: Final = "/api/v1"
CSV: Final = "text/csv"

Path = TypeVar("Path", bound=BaseModel)
Query = TypeVar("Query", bound=BaseModel)
Body = TypeVar("Body", bound=BaseModel)
Shape = TypeVar("Shape", bound=BaseModel)
ReadPath_co = TypeVar("ReadPath_co", bound=BaseModel, covariant=True)
ReadQuery_co = TypeVar("ReadQuery_co", bound=BaseModel, covariant=True)
ReadBody_co = TypeVar("ReadBody_co", bound=BaseModel, covariant=True)


class Method(StrEnum):
    """Those the API has."""

    GET = "get"
    POST = "post"
    DELETE = "delete"


class Tag(StrEnum):
    """The chapters of the description, in order; `TAGS` says what each is about."""

    CATALOGUE = "catalogue"
    BOOKINGS = "bookings"
    CONVERSATIONS = "conversations"
    INBOX = "inbox"
    INSIGHT = "insight"
    ALARMS = "alarms"
    ATTENTION = "attention"
    BLOCKS = "blocks"
    WAITING = "waiting"
    TASKS = "tasks"
    COMPLAINTS = "complaints"
    MONEY = "money"
    REPORTS = "reports"
    CALENDAR = "calendar"
    CALLERS = "callers"
    CLOCK = "clock"


TAGS: Final = {
    Tag.CATALOGUE: "What can be booked.",
    Tag.BOOKINGS: "What is booked, and the engine's methods.",
    Tag.CONVERSATIONS: "Who writes, what was said, taking over.",
    Tag.INBOX: "What the people who answer work with: rows, drafts, notes, who has it, what is put off.",
    Tag.INSIGHT: "The inside of one customer.",
    Tag.ALARMS: "What a person has to look at, with its reason and since when.",
    Tag.ATTENTION: "What waits for a person, as one queue: who has it, by when, and the one button.",
    Tag.BLOCKS: "Who is ill and what is closed, and how far everybody whose booking is hit was told.",
    Tag.WAITING: "Who waits for a time to become free, in which order and why.",
    Tag.TASKS: "Work around bookings: who does what, by when.",
    Tag.COMPLAINTS: "What guests say was wrong, and how the house answers.",
    Tag.MONEY: "Whether every unit holds.",
    Tag.REPORTS: "Figures over days of the business, each with the rows it was counted over.",
    Tag.CALENDAR: "Who and what is taken when, by people or by places.",
    Tag.CALLERS: "Booking for somebody on the phone: who they are, what it means, and the booking.",
    Tag.CLOCK: "Business time; moved in demo and tests only, never with a live key.",
}


@dataclass(frozen=True, slots=True)
class Call(Generic[ReadPath_co, ReadQuery_co, ReadBody_co]):
    """A request that was let in and read."""

    path: ReadPath_co
    query: ReadQuery_co
    body: ReadBody_co
    key: str | None
    """The same for a call made twice under one Idempotency-Key; none where no key was given."""
    languages: LanguageAccept
    who: Caller = THE_MACHINE

    def language(self, otherwise: str) -> str:
        """The language the caller asks for, of those we speak."""
        found = self.languages.best_match(CODES)
        return str(found) if found else otherwise


@dataclass(frozen=True, slots=True)
class EdgeAnswer:
    """What is answered, in a declared shape."""

    body: BaseModel
    status: int = 200

    def as_response(self) -> Response:
        """The same on the wire."""
        return Response(self.body.model_dump_json(by_alias=True), self.status, content_type="application/json")


@dataclass(frozen=True, slots=True)
class Operation(Generic[Path, Query, Body]):
    """A method and a path, and the shapes of everything that goes through it."""

    method: Method
    path: str
    """`/bookings/{reference}`; a variable that may hold slashes is written `{name:path}`."""
    tag: Tag
    summary: str
    answers: Mapping[int, type[BaseModel]]
    path_shape: type[Path]
    query_shape: type[Query]
    body_shape: type[Body]
    problems: Mapping[int, str] = field(default_factory=dict)
    """What else is answered, by status: each a problem document."""
    table: str = ""
    """What its table is, where it answers one as CSV and not JSON."""

    def handled_by(
        self, act: Callable[[Call[Path, Query, Body]], Awaitable[EdgeAnswer | Response]]
    ) -> "Route[Path, Query, Body]":
        """The route, with what is done at it; a Response is a problem document."""
        return Route(self, act)

    @property
    def name(self) -> str:
        """Method and path: one of its kind."""
        return f"{self.method} {self.path}"

    def read(self, asked: Request, variables: Mapping[str, Any], body: bytes, who: Caller) -> Call[Path, Query, Body]:
        """The request as a call; RequestRefused naming everything that is wrong with it."""
        key = asked.headers.get("Idempotency-Key")
        path = read(self.path_shape, variables)
        query = read(self.query_shape, who.named_in(self.query_shape, asked.args.to_dict()))
        if self.method is not Method.POST:
            given = self.body_shape()
        else:
            try:
                parsed = orjson.loads(body or b"{}")  # no body at all is a body without fields
            except orjson.JSONDecodeError:
                raise RequestRefused(problem(HTTPStatus.BAD_REQUEST, "not-json", "The body is not JSON.")) from None
            if not isinstance(parsed, dict):
                raise RequestRefused(problem(HTTPStatus.BAD_REQUEST, "not-an-object", "The body is not a JSON object."))
            given = read(self.body_shape, who.named_in(self.body_shape, parsed))
        return Call(
            path=path,
            query=query,
            body=given,
            key=None if key is None else call_id(asked.path, key, body, who),
            languages=asked.accept_languages,
            who=who,
        )


@dataclass(frozen=True, slots=True)
class Route(Generic[Path, Query, Body]):
    """An operation and what is done at it."""

    operation: Operation[Path, Query, Body]
    act: Callable[[Call[Path, Query, Body]], Awaitable[EdgeAnswer | Response]]

    _VARIABLE: ClassVar = re.compile(r"\{(\w+)(?::(\w+))?\}")

    @property
    def rule(self) -> str:
        """The path as the router writes it."""
        return self._VARIABLE.sub(
            lambda part: f"<{part[2]}:{part[1]}>" if part[2] else f"<{part[1]}>", self.operation.path
        )

    async def answer(self, asked: Request, variables: Mapping[str, Any], body: bytes, who: Caller) -> Response:
        """Read the call and do what is asked; the answer shows of people what the caller may see."""
        done = await self.act(self.operation.read(asked, variables, body, who))
        if not isinstance(done, EdgeAnswer):
            return done
        return (done if who.sees_contact else replace(done, body=masked(done.body))).as_response()


AnyCall = Call[BaseModel, BaseModel, BaseModel]
AnyRoute = Route[Any, Any, Any]


def mount(routes: Sequence[AnyRoute], name: str, guard: ApiGuard) -> Blueprint:
    """The routes as a part of the application. There is no other way into the API, and none past the guard; raises
    UndeclaredOperation."""
    blueprint = Blueprint(name, __name__, url_prefix=PREFIX)
    for route in routes:
        operation = route.operation
        endpoint = f"{operation.method}_{operation.path.strip('/')}".replace(".", "_")
        blueprint.add_url_rule(route.rule, endpoint, _view(route, guard), methods=[operation.method.upper()])
    return blueprint


def _view(route: AnyRoute, guard: ApiGuard) -> Callable[..., Awaitable[Response]]:
    name = route.operation.name
    guard.act_of(name)

    async def view(**variables: Any) -> Response:
        # before anything of the request is read: a stranger learns nothing, and costs no memory
        who = await guard.admit(request, name)

        async def act(body: bytes) -> Response:
            # what is refused here leaves by its exception, so that the key may be used for the call as it was meant
            return await route.answer(request, variables, body, who)

        if route.operation.method is Method.GET:
            return await act(b"")
        return await guard.run_once(request, who, act)

    return view


def read(shape: type[Shape], given: Mapping[str, Any] | Any) -> Shape:
    """The given values in that shape, or RequestRefused with the problem its model declares."""
    try:
        return shape.model_validate(given)
    except ValidationError as error:
        whole: Otherwise | None = getattr(shape, "otherwise", None)
        if whole is not None:
            raise RequestRefused(problem(whole.status, whole.kind, whole.detail)) from None
        found: list[Otherwise] = []
        # Without what was given: a problem document is logged by others, and repeats no foreign text.
        for wrong in error.errors(include_url=False, include_context=False, include_input=False):
            name, kind, message = str(wrong["loc"][0]) if wrong["loc"] else "", wrong["type"], wrong["msg"]
            # What the field itself declares; the error may name it by any of its three names.
            fields = [f for own, f in shape.model_fields.items() if name in {own, f.alias, f.validation_alias}]
            said = [o for f in fields[:1] for o in f.metadata if isinstance(o, Otherwise) and o.when in {None, kind}]
            if said:
                found.append(said[0])
            elif kind in {"missing", "string_type", "string_too_short", "bool_type"}:
                found.append(Otherwise("missing-field", f"Needed: {name or message}."))
            else:
                found.append(Otherwise("bad-field", f"{name}: {message.lower()}." if name else f"{message}."))
        first, details = found[0], " ".join(dict.fromkeys(wrong.detail for wrong in found))
        raise RequestRefused(problem(first.status, first.kind, details)) from None


def call_id(path: str, key: str, body: bytes, who: Caller = THE_MACHINE) -> str:
    """The name of a call: the same whenever the same is asked by the same under the same key."""
    mine = (who.asks.person.encode(),) if who.is_person else ()
    return hashlib.sha256(b"\n".join((*mine, path.encode(), key.encode(), body))).hexdigest()[:24]
