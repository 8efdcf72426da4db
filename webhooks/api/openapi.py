"""`/api/v1/openapi.json` and `/api/docs`: the API described once, as OpenAPI 3.1 for machines and a page for people."""

import html
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from quart import Blueprint, Response

from webhooks.api.operations import OPERATIONS
from webhooks.edge.description import METHODS, described
from webhooks.edge.foreign import DOORS
from webhooks.edge.problems import answer

Json = dict[str, Any]

_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_STYLE: Final = (
    "body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem}"
    "body{color:#111;background:#fff}a{color:inherit}"
    "code{background:#f1f3f5;border-radius:.25rem;padding:.1rem .3rem}h2{margin-top:2.5rem}"
    "h3{border-top:1px solid #ddd;padding-top:1rem}table{border-collapse:collapse}"
    "td,th{border-bottom:1px solid #ddd;padding:.25rem .75rem .25rem 0;text-align:left;vertical-align:top}"
    "@media(prefers-color-scheme:dark){body{background:#111;color:#eee}code{background:#222}h3,td,th{border-color:#444}}"
)


@cache
def document() -> Json:
    """The description, made from what is declared."""
    return described(OPERATIONS, DOORS, "1")


def openapi_blueprint() -> Blueprint:
    """The two routes; they need no token, for they tell nothing of anybody."""
    routes = Blueprint("openapi", __name__)
    routes.add_url_rule("/api/v1/openapi.json", "get_openapi", get_openapi)
    routes.add_url_rule("/api/docs", "get_docs", get_docs)
    return routes


async def get_openapi() -> Response:
    """The description for machines."""
    return answer(document())


async def get_docs() -> Response:
    """The same for people: one page, no script, nothing from elsewhere."""
    headers = {"Content-Security-Policy": _POLICY}
    return Response(page(document()), content_type="text/html; charset=utf-8", headers=headers)


def page(described: Json) -> str:
    """The description as a page."""
    info = described["info"]
    parts = [f"<h1>{_said(info['title'])} API</h1><p>{_said(info['summary'])}</p><p>{_said(info['description'])}</p>"]
    parts.append('<p>For machines: <a href="/api/v1/openapi.json">openapi.json</a>.</p>')
    for tag in described["tags"]:
        parts.append(f"<h2>{_said(tag['name'].capitalize())}</h2><p>{_said(tag['description'])}</p>")
        parts += [_operation(described, *one) for one in operations(described) if tag["name"] in one[2]["tags"]]
    head = f"<title>{_said(info['title'])} API</title><style>{_STYLE}</style>"
    return f'<!doctype html><html lang="en"><meta charset="utf-8">{head}<main>{"".join(parts)}</main></html>'


def operations(described: Json) -> Iterator[tuple[str, str, Json]]:
    """Every method, path and what it does, in the order of the description."""
    for path, item in described["paths"].items():
        for method in METHODS:
            if method in item:
                yield method, path, item[method]


def address(described: Json, path: str) -> str:
    """The whole path: the API's own stand below its server, the doors' below none."""
    (server,) = described["paths"][path].get("servers", described["servers"])
    return str(server["url"]).rstrip("/") + path


def resolved(described: Json, node: Json) -> Json:
    """What a `$ref` points to, or the node itself."""
    if "$ref" not in node:
        return node
    found: Any = described
    for name in node["$ref"].removeprefix("#/").split("/"):
        found = found[name]
    return resolved(described, found)


def _operation(described: Json, method: str, path: str, operation: Json) -> str:
    asked = "".join(
        _row(described, one["name"], one["in"], one["schema"] | {"description": one.get("description", "")}, one)
        for one in operation.get("parameters", ())
    )
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    for choice in _choices(described, body):
        needed = choice.get("required", ())
        asked += "".join(
            _row(described, name, "body", schema, {"required": name in needed})
            for name, schema in choice.get("properties", {}).items()
        )
    given = "".join(
        f"<tr><td><code>{_said(status)}</code></td><td>{_said(resolved(described, one)['description'])}</td></tr>"
        for status, one in operation["responses"].items()
    )
    heading = f"<h3><code>{method.upper()} {_said(address(described, path))}</code></h3>"
    table = f"<table><tr><th>name<th>in<th>what</tr>{asked}</table>" if asked else ""
    return f"{heading}<p>{_said(operation['summary'])}</p>{table}<p>Answers:</p><table>{given}</table>"


def _choices(described: Json, schema: Json) -> list[Json]:
    """The shapes a body may have."""
    found = resolved(described, schema)
    return [resolved(described, one) for one in found.get("anyOf", [found] if found else [])]


def _row(described: Json, name: str, place: str, schema: Json, more: Json) -> str:
    kinds = [_kind(described, one) for one in schema.get("anyOf", [schema])]
    words = [" or ".join(kinds), "needed" if more.get("required") else "", schema.get("description", "")]
    shown = "; ".join(word for word in words if word)
    return f"<tr><td><code>{_said(name)}</code></td><td>{place}</td><td>{_said(shown)}</td></tr>"


def _kind(described: Json, schema: Json) -> str:
    found = resolved(described, schema)
    values = found.get("enum", [found["const"]] if "const" in found else ())
    return ", ".join(map(str, values)) or str(found.get("type", "anything"))


def _said(words: Any) -> str:
    return html.escape(str(words))
