"""Settings as they are: people, the business file as read and as it lies on disk, what Meta says, and keys."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from quart import Blueprint, Response, request

from bot.business.definition import Business
from bot.domain.template_standing import MISSING
from bot.engine.parts import Parts
from bot.replies import times
from bot.store.key_ages import KeyAges
from flows.definition import EDITION
from webhooks.business import BusinessFileWrong, load_business
from webhooks.console.guard import Act, may
from webhooks.console.pages import SETTINGS
from webhooks.console.rendering import Renderer, language_here
from webhooks.console.settings.keys import keys_shown
from webhooks.edge.sessions import SessionReader
from webhooks.keys import keys_in_use
from webhooks.meta.standing import MetaAnswer, MetaLook
from webhooks.meta.template_push import APPROVED, CHANGED, RECATEGORISED, Standing
from webhooks.settings import Settings

_GOES_OUT: Final = "PUBLISHED"
_SOON: Final = frozenset({"PENDING", "IN_APPEAL", "FLAGGED", "THROTTLED", "DRAFT", CHANGED})
"""What Meta, or a push, is going to put right; what is neither good nor this needs somebody."""


@dataclass(frozen=True, slots=True)
class StandingShown:
    """A template, or a form, as Meta has it."""

    name: str
    language: str
    state: str
    tone: str
    moved_to: str = ""
    """The category that Meta moved it to; empty where it is as it was asked for."""


class SettingsPage:
    """Shows; what is set is set in the environment, the business file and by `janji users`."""

    link = SETTINGS

    def __init__(
        self, parts: Parts, render: Renderer, sessions: SessionReader, settings: Settings, key_ages: KeyAges
    ) -> None:
        self._parts = parts
        self._render = render
        self._sessions = sessions
        self._settings = settings
        self._key_ages = key_ages
        self._meta = MetaLook(settings)

    def add_to(self, routes: Blueprint) -> None:
        """Its routes."""
        routes.add_url_rule("/settings", view_func=self.get_settings, endpoint="settings")
        routes.add_url_rule("/settings/meta", view_func=self.get_meta, endpoint="settings_meta")

    @may(Act.ADMINISTER)
    async def get_settings(self) -> Response:
        """All of it on one page; what Meta has to be asked for comes after it."""
        now = await self._parts.clock.business_now()
        business, language = self._parts.context(now).business, language_here()
        notices = await self._parts.notices.listed(20)
        keys = keys_in_use(self._settings)
        # a key grows old by the calendar, wherever a demo has moved the time of the business
        ages = keys_shown(keys, await self._key_ages.since(keys), self._sessions.now())
        return self._render.page(
            "settings/page.html",
            self.link,
            people=await self._sessions.accounts.all(),
            business_facts=_facts(business),
            version=business.version[:12],
            is_read_now=self._disk(business),
            problems=self._problems(),
            has_account=bool(self._settings.whatsapp_token and self._settings.whatsapp_waba_id),
            notices=[(times.short_moment(one.at, business.zone, language), one.kind, one.gravity) for one in notices],
            keys=ages,
        )

    @may(Act.ADMINISTER)
    async def get_meta(self) -> Response:
        """How templates and forms stand with Meta, as it says now or said last."""
        now = await self._parts.clock.business_now()
        business, language = self._parts.context(now).business, language_here()
        answer = await self._meta.look(business, now, again=request.args.get("again") == "yes")
        known = answer.standing
        templates = [_template(one) for one in (known.templates if known else ())]
        return self._render.fragment(
            "settings/meta.html",
            asked_at="" if known is None else times.short_moment(known.at, business.zone, language),
            problem=answer.problem,
            templates=sorted((one for one in templates if one.tone != "good" or one.moved_to), key=_worst_first),
            approved=sum(one.state == APPROVED for one in templates),
            count=len(templates),
            flows=await self._flows(answer),
        )

    async def _flows(self, answer: MetaAnswer) -> Sequence[tuple[StandingShown, str, bool]]:
        """Each form that is published: how it stands, its id, and whether it is this version's."""
        ids, editions = await self._parts.published_flows.published()
        said: Mapping[str, str] | None = None if answer.standing is None else answer.standing.flows
        rows = []
        for code, flow in sorted(ids.items()):
            # what nobody could be asked about has no state
            state = "" if said is None else said.get(flow, MISSING)
            tone = "" if said is None else "good" if state == _GOES_OUT else "soon" if state in _SOON else "due"
            rows.append((StandingShown(code, code, state, tone), flow, editions.get(code) == EDITION))
        return rows

    def _problems(self) -> Sequence[str]:
        try:
            load_business(self._settings.business_file)
        except BusinessFileWrong as wrong:
            return wrong.problems
        return ()

    def _disk(self, business: Business) -> bool:
        """Whether the file on disk is the one that is worked with."""
        try:
            return load_business(self._settings.business_file).version == business.version
        except BusinessFileWrong:
            return False


def _template(one: Standing) -> StandingShown:
    # approved all the same, and dearer
    state, moved = (APPROVED, one.category.lower()) if one.status == RECATEGORISED else (one.status, "")
    tone = "good" if state == APPROVED else "soon" if state in _SOON else "due"
    return StandingShown(one.name, one.language, state, tone, moved)


def _worst_first(one: StandingShown) -> tuple[bool, str, str]:
    return one.tone != "due", one.name, one.language


def _facts(business: Business) -> Sequence[tuple[str, Any]]:
    return (
        ("services", len(business.services)),
        ("providers", len(business.providers)),
        ("places", len(business.places)),
        ("staff", len(business.staff)),
        ("timezone", business.timezone),
        ("currency", business.currency),
    )
