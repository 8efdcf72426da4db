"""OpenAPI 3.1 out of declared operations: nothing is written twice, so nothing can differ."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, models_json_schema

from webhooks.edge.foreign import ForeignDoor
from webhooks.edge.models import Nothing, Problem
from webhooks.edge.operations import CSV, PREFIX, TAGS, Method, Operation
from webhooks.edge.sessions import COOKIE

Json = dict[str, Any]
AnyOperation = Operation[Any, Any, Any]

METHODS: Final = ("get", "post", "delete")
_REFERENCE: Final = "#/components/schemas/{model}"
_KEY: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key and body get the stored answer, another body 422.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200},
}


class _Schemas(GenerateJsonSchema):
    """Without a title for each field: it only repeats the name."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Never."""
        return False


def described(operations: Iterable[AnyOperation], doors: Iterable[ForeignDoor], version: str) -> Json:
    """The whole description."""
    operations = tuple(operations)
    shapes = _Shapes(operations)
    paths: Json = {}
    for operation in operations:
        path = re.sub(r"\{(\w+):\w+\}", r"{\1}", operation.path)
        paths.setdefault(path, {})[operation.method.value] = _operation(operation, shapes)
    for door in doors:
        item = paths.setdefault(door.path, {"servers": [{"url": "/"}]})
        item[door.method] = _foreign(door)
    tags = [{"name": tag.value, "description": words} for tag, words in TAGS.items()]
    tags.append({"name": "doors", "description": "What Meta, Xendit, customers' browsers and operators call."})
    document: Json = {
        "openapi": "3.1.0",
        "info": {
            "title": "Janji",
            "version": version,
            "summary": "The booking backend's API.",
            "description": (
                "Bearer token, or the cookie of the console with `X-CSRF-Token` on every write; "
                "errors are problem documents (RFC 9457) with a stable `type`; lists are "
                "`{items, next_cursor}`; every POST and DELETE takes an `Idempotency-Key`: the same key and body give "
                "the stored answer, another body 422. Amounts are whole minor units. Times are RFC 3339 with an offset."
            ),
        },
        "servers": [{"url": PREFIX}],
        "security": [{"token": []}, {"session": []}],
        "tags": tags,
        "paths": paths,
        "components": {
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": COOKIE},
            },
            "responses": {
                "Problem": {
                    "description": "Why not.",
                    "content": {"application/problem+json": {"schema": shapes.of(Problem, "serialization")}},
                }
            },
            "schemas": shapes.definitions,
        },
    }
    # In the code a shape that is shown is called so, to be told from what it shows (`Booking`, `BookingShown`);
    # outsiders see one of the two only.
    text = re.sub(r'"((?:#/components/schemas/)?[A-Z]\w+)Shown"', r'"\1"', json.dumps(document))
    found: Json = json.loads(text)
    assert len(found["components"]["schemas"]) == len(document["components"]["schemas"]), "two shapes have one name"
    return found


class _Shapes:
    """The schemas of every model that is asked for or answered."""

    def __init__(self, operations: Iterable[AnyOperation]) -> None:
        wanted: dict[tuple[type[BaseModel], JsonSchemaMode], None] = {(Problem, "serialization"): None}
        for operation in operations:
            wanted |= {(shape, "serialization"): None for shape in operation.answers.values()}
            if _has_fields(operation.body_shape):
                wanted[operation.body_shape, "validation"] = None
        self._known, defined = models_json_schema(
            list(wanted), ref_template=_REFERENCE, schema_generator=_Schemas, by_alias=True
        )
        self.definitions: Json = defined.get("$defs", {})

    def of(self, shape: type[BaseModel], mode: JsonSchemaMode) -> Json:
        """Where that schema stands."""
        return self._known[shape, mode]

    def parameters(self, shape: type[BaseModel], place: str) -> Iterator[Json]:
        """The fields of a path or a query string; what they refer to joins the other schemas."""
        schema = shape.model_json_schema(ref_template=_REFERENCE, schema_generator=_Schemas, by_alias=True)
        self.definitions.update(schema.get("$defs", {}))
        for name, known in schema.get("properties", {}).items():
            # A value of a query string is there or not; it is never null.
            field = {key: value for key, value in known.items() if not (key == "default" and value is None)}
            choices = [choice for choice in field.get("anyOf", ()) if choice != {"type": "null"}]
            if len(choices) == 1:
                field.pop("anyOf")
                field |= choices[0]
            words = field.pop("description", None)
            yield {
                "name": name,
                "in": place,
                "required": place == "path" or name in schema.get("required", ()),
                **({} if words is None else {"description": words}),
                "schema": field,
            }


def _has_fields(shape: type[BaseModel]) -> bool:
    return shape is not Nothing


def _operation(operation: AnyOperation, shapes: _Shapes) -> Json:
    parameters = [*shapes.parameters(operation.path_shape, "path"), *shapes.parameters(operation.query_shape, "query")]
    found: Json = {"tags": [operation.tag.value], "summary": operation.summary}
    if operation.method is not Method.GET:
        parameters.append(_KEY)
    if parameters:
        found["parameters"] = parameters
    if _has_fields(operation.body_shape):
        schema = shapes.of(operation.body_shape, "validation")
        found["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    answers: Json = {
        str(status): {
            "description": (shape.__doc__ or "").strip().splitlines()[0],
            "content": {"application/json": {"schema": shapes.of(shape, "serialization")}},
        }
        for status, shape in operation.answers.items()
    }
    if operation.table:
        answers["200"] = {"description": operation.table, "content": {CSV: {"schema": {"type": "string"}}}}
    for status, words in operation.problems.items():
        content = {"application/problem+json": {"schema": shapes.of(Problem, "serialization")}}
        answers[str(status)] = {"description": words, "content": content}
    found["responses"] = answers | {"default": {"$ref": "#/components/responses/Problem"}}
    return found


def _foreign(door: ForeignDoor) -> Json:
    found: Json = {"tags": ["doors"], "summary": door.summary, "security": []}
    headers = [
        {"name": name, "in": "header", "required": True, "description": words, "schema": {"type": "string"}}
        for name, words in door.headers.items()
    ]
    variables = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"\{(\w+)\}", door.path)
    ]
    query = [{"name": name, "in": "query", "required": False, "schema": {"type": "string"}} for name in door.query]
    if headers or variables or query:
        found["parameters"] = [*variables, *query, *headers]
    if door.takes:
        found["requestBody"] = {"required": True, "content": {door.takes: {"schema": {}}}}
    found["responses"] = {str(status): {"description": words} for status, words in door.answers.items()}
    return found
