"""Message templates as a backend meets them: made, listed, changed, and reviewed when the control door says so.

A new or changed template is PENDING until a review, which here is ordered (reference: whatsapp 3.2).
"""

import re
from dataclasses import replace as changed
from typing import Any

from quart import Blueprint, Response, request

from simulator.whatsapp import limits
from simulator.whatsapp.errors import Refusal
from simulator.whatsapp.graph import GraphCalls
from simulator.whatsapp.templates import PLACEHOLDER, Template, TemplateButton
from simulator.whatsapp.values import ChoiceKind
from simulator.whatsapp.world import World

Json = dict[str, Any]

CATEGORIES = ("AUTHENTICATION", "MARKETING", "UTILITY")
_NAME = re.compile(r"[a-z0-9_]{1,512}")
_PAGE = 25


def graph_templates_blueprint(world: World) -> Blueprint:
    """The doors for making and listing templates."""
    doors = Blueprint("graph_templates", __name__)
    calls = TemplateCalls(world)
    for method, call in (("POST", calls.create), ("GET", calls.listed)):
        path = "/<graph:version>/<node>/message_templates"
        doors.add_url_rule(path, call.__name__, call, methods=[method])
    return doors


class TemplateCalls(GraphCalls):
    """The calls, against one world."""

    async def create(self, version: str, node: str) -> Response:
        """POST /{WABA}/message_templates."""

        async def answer() -> Response:
            self._authorise()
            self._own_account(node)
            sent = await request.get_json(force=True, silent=True)
            made = read(sent if isinstance(sent, dict) else {})
            if (made.name, made.language) in self._world.templates:
                raise Refusal(100, f"There is already {made.language} content for this template", subcode=2388024)
            kept = changed(made, id=str(7_000_000_000 + len(self._world.templates)), status="PENDING")
            self._world.add_template(kept)
            return await self._after(None, {"id": kept.id, "status": kept.status, "category": kept.category})

        return await self._answered(answer)

    async def listed(self, version: str, node: str) -> Response:
        """GET /{WABA}/message_templates, by pages as Meta does."""

        async def answer() -> Response:
            self._authorise()
            self._own_account(node)
            found = list(self._world.templates.values())
            after, size = int(request.args.get("after") or 0), int(request.args.get("limit") or _PAGE)
            page: Json = {"data": [shown(one) for one in found[after : after + size]]}
            if after + size < len(found):
                page["paging"] = {"cursors": {"after": str(after + size)}, "next": "there is more"}
            return await self._after(None, page)

        return await self._answered(answer)

    async def change(self, version: str, node: str) -> Response:
        """POST /{TEMPLATE}: other components; it is reviewed again."""

        async def answer() -> Response:
            self._authorise()
            before = self._world.template_by_id(node)
            assert before is not None, "asked for by its id"
            sent = await request.get_json(force=True, silent=True)
            given = sent if isinstance(sent, dict) else {}
            whole = {"name": before.name, "language": before.language, "category": before.category, **given}
            self._world.add_template(changed(read(whole), id=before.id, status="PENDING"))
            return await self._after(None, {"success": True})

        return await self._answered(answer)

    def _own_account(self, node: str) -> None:
        if node != self._world.settings.waba_id:
            raise Refusal(100, f"Object with ID '{node}' does not exist", subcode=33)


def read(sent: Json) -> Template:
    """A template as it was asked for; raises `Refusal` for what Meta would not even review."""
    name, language, category = (str(sent.get(key, "")) for key in ("name", "language", "category"))
    if not _NAME.fullmatch(name) or not language:
        raise Refusal(100, "name has small letters, digits and underscores, and language is required")
    if category not in CATEGORIES:
        raise Refusal(100, f"category is one of {', '.join(CATEGORIES)}")
    parts = {str(part.get("type", "")).upper(): part for part in sent.get("components") or [] if isinstance(part, dict)}
    body = str(parts.get("BODY", {}).get("text", ""))
    _check_body(body, parts.get("BODY", {}))
    return Template(
        name,
        language,
        category,
        body,
        header=str(parts.get("HEADER", {}).get("text", "")),
        footer=str(parts.get("FOOTER", {}).get("text", "")),
        buttons=tuple(_button(one) for one in parts.get("BUTTONS", {}).get("buttons", [])),
    )


def _check_body(body: str, part: Json) -> None:
    if not 1 <= len(body) <= limits.INTERACTIVE_BODY:
        raise Refusal(100, f"BODY has 1 to {limits.INTERACTIVE_BODY} characters")
    names = list(dict.fromkeys(PLACEHOLDER.findall(body)))
    if names != [str(number) for number in range(1, len(names) + 1)]:
        raise Refusal(100, "variables are numbered from {{1}} on", subcode=2388024)
    bare = body.strip()
    if names and (bare.startswith("{{") or bare.endswith("}}")):
        raise Refusal(100, "variables cannot be at the start or the end of the text", subcode=2388299)
    examples = (part.get("example") or {}).get("body_text") or [[]]
    if len(examples[0]) != len(names):
        raise Refusal(100, "an example for each variable is required", subcode=2388043)


def _button(sent: Json) -> TemplateButton:
    kind, text = str(sent.get("type", "")).lower(), str(sent.get("text", ""))
    if kind not in {"url", "quick_reply", "flow"} or not 1 <= len(text) <= limits.TEMPLATE_BUTTON:
        raise Refusal(100, f"a button has a known type and a text of 1 to {limits.TEMPLATE_BUTTON}")
    url = str(sent.get("url", ""))
    if kind == "url" and PLACEHOLDER.search(url) and not sent.get("example"):
        raise Refusal(100, "an example of the whole address is required", subcode=2388043)
    flow = str(sent.get("flow_id") or sent.get("flow_name") or "")
    return TemplateButton(ChoiceKind(kind), text, url, flow)


def shown(template: Template) -> Json:
    """A template as the list shows it."""
    components: list[Json] = [{"type": "BODY", "text": template.body}]
    if template.header:
        components.insert(0, {"type": "HEADER", "format": "TEXT", "text": template.header})
    if template.footer:
        components.append({"type": "FOOTER", "text": template.footer})
    if template.buttons:
        components.append({"type": "BUTTONS", "buttons": [_shown_button(one) for one in template.buttons]})
    return {
        "id": template.id,
        "name": template.name,
        "language": template.language,
        "category": template.category,
        "status": template.status,
        "components": components,
    }


def _shown_button(button: TemplateButton) -> Json:
    told = {"type": button.kind.value.upper(), "text": button.text, "url": button.url, "flow_id": button.flow}
    return {key: value for key, value in told.items() if value}
