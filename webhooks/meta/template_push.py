"""Brings our notices to Meta as message templates, and tells how far their approval is (reference: whatsapp 3.2)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import httpx

from bot.adapters.whatsapp.templates import definition, words_of
from bot.business.definition import Business
from bot.domain.template_standing import MISSING
from bot.replies.notices import ALL
from bot.replies.reminders import templates_of_rules
from flows.publish import answered
from webhooks.meta.client import graph
from webhooks.settings import Settings

APPROVED: Final = "APPROVED"
CHANGED: Final = "CHANGED"
"""Meta has other words of ours than we would send; push again."""
RECATEGORISED: Final = "RECATEGORISED"
"""Approved, but as another category than it was asked for."""
_PAGE: Final = 100
_MOST_PAGES: Final = 50

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class KnownTemplate:
    """A template as Meta has it."""

    id: str
    status: str
    category: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """How one of ours stands there: MISSING, CHANGED, RECATEGORISED, or Meta's word."""

    name: str
    language: str
    status: str
    category: str = ""
    """Meta's; empty where it does not have it."""


def wanted(business: Business, link_base: str) -> Iterator[Json]:
    """What is to be approved: every notice that the business needs, in every language of it."""
    for notice in (*ALL, *templates_of_rules(business)):
        for language in business.languages:
            yield definition(notice, language, link_base)


async def push(settings: Settings, business: Business, *, dry_run: bool = False) -> list[str]:
    """Ask for what is missing, change what reads otherwise; what was (or would be) done. GraphRefused when not."""
    done: list[str] = []
    async with graph(settings) as http:
        account = settings.whatsapp_waba_id or ""
        known = await _known(http, account)
        for ours in wanted(business, settings.link_base):
            found = known.get((ours["name"], ours["language"]))
            if found is not None and found.words == words_of(ours["components"]):
                continue
            # Meta keeps name and language of a template for ever: a change goes to its id and bears neither.
            path = f"{account}/message_templates" if found is None else found.id
            body = ours if found is None else {"category": ours["category"], "components": ours["components"]}
            if not dry_run:
                answered(await http.post(path, json=body))
            done.append(f"{'create' if found is None else 'change'} {ours['name']} {ours['language']}")
    return done


async def status(settings: Settings, business: Business) -> list[Standing]:
    """How each of ours stands with Meta."""
    async with graph(settings) as http:
        known = await _known(http, settings.whatsapp_waba_id or "")
    found: list[Standing] = []
    for ours in wanted(business, settings.link_base):
        theirs = known.get((ours["name"], ours["language"]))
        category = "" if theirs is None else theirs.category
        found.append(Standing(ours["name"], ours["language"], _state(ours, theirs), category))
    return found


def _state(ours: Json, theirs: KnownTemplate | None) -> str:
    if theirs is None:
        return MISSING
    if theirs.words != words_of(ours["components"]):
        return CHANGED
    is_moved = theirs.status == APPROVED and theirs.category not in {"", ours["category"]}
    return RECATEGORISED if is_moved else theirs.status


async def _known(http: httpx.AsyncClient, account: str) -> dict[tuple[str, str], KnownTemplate]:
    query = {"limit": str(_PAGE), "fields": "id,name,language,status,category,components"}
    known: dict[tuple[str, str], KnownTemplate] = {}
    # An end even if the cursor never ends.
    for _ in range(_MOST_PAGES):
        page = answered(await http.get(f"{account}/message_templates", params=query))
        for row in page.get("data") or []:
            name = (str(row.get("name")), str(row.get("language")))
            words = words_of(row.get("components"))
            known[name] = KnownTemplate(
                str(row.get("id", "")), str(row.get("status", "")), str(row.get("category", "")), words
            )
        # Meta leaves a cursor on its last page too; only `next` says that there is more.
        paging = page.get("paging") or {}
        after = (paging.get("cursors") or {}).get("after")
        if not paging.get("next") or not after:
            break
        query["after"] = str(after)
    return known
