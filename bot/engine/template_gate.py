"""Which template leaves: the one that was ordered, or one in its place while Meta does not send it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.business.definition import Business
from bot.domain.commands import SendTemplate
from bot.domain.partner import is_partner
from bot.domain.template_standing import MISSING, MISSING_CODE, REFUSED_AS
from bot.domain.thread import Thread
from bot.engine.channel import AccountNews
from bot.replies import notices
from bot.store.template_standings import TemplateStandings


@dataclass(frozen=True, slots=True)
class TemplateGate:
    """Asks what Meta said of each template before it leaves."""

    standings: TemplateStandings
    business: Callable[[], Business]

    async def usable(self, order: SendTemplate, thread: Thread) -> SendTemplate | None:
        """The order, or what goes in its place; none: a person is told that it did not go out."""
        if not await self.standings.is_stopped(order.name, order.language):
            return order
        if is_partner(thread.id):
            # what stands in says that there is an answer, and a partner has asked nothing
            return None
        for instead in notices.stand_ins(order, self.business().name):
            if not await self.standings.is_stopped(instead.name, instead.language):
                return instead
        return None

    async def code_of(self, order: SendTemplate) -> int | None:
        """As which code Meta refuses it, as far as is known."""
        status = await self.standings.status_of(order.name, order.language)
        return next((code for code, word in REFUSED_AS.items() if word == status), None)

    async def refused(self, order: SendTemplate, code: int, at: datetime) -> bool:
        """Meta did not take it; whether that is because the template is stopped, so that another may go at once."""
        status = REFUSED_AS.get(code)
        if code == MISSING_CODE and notices.without_rules(order) is not None:
            # a house that has written its first rule, and not pushed yet: its reminder goes without what the rule adds
            status = MISSING
        if status is None:
            return False
        await self.standings.heard(order.name, order.language, at, status=status)
        # a word of ours may be older than Meta's last one, by which it can be sent: then it is this message's failure
        return await self.standings.is_stopped(order.name, order.language)

    async def heard(self, news: AccountNews, at: datetime) -> None:
        """News of the account, where they are of one of our templates."""
        facts = dict(news.facts)
        name, language = facts.get("message_template_name", ""), facts.get("message_template_language", "")
        if not name.startswith(notices.PREFIX) or not language:
            return
        if news.kind == "template_status":
            await self.standings.heard(name, language, at, status=facts.get("event"))
        elif news.kind == "template_category":
            await self.standings.heard(name, language, at, category=facts.get("new_category"))
