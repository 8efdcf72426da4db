"""Numbers of partners that are doubted: seen under another user id, or changed as WhatsApp says; a person confirms."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import structlog

from bot.business.contacts import roles_of
from bot.business.definition import Business
from bot.domain.ids import EventId, LeadId
from bot.domain.partner import Partner, PartnerId, is_partner
from bot.domain.partner_events import PartnerNumberConfirmed
from bot.engine.decisions import ThreadDecisions
from bot.engine.partner_directory import PartnerDirectory
from bot.store.clock import Clock

log = structlog.get_logger(__name__)


class NumberRefusal(StrEnum):
    """Why a number is not confirmed."""

    UNKNOWN = "no-such-partner"
    AMBIGUOUS = "ambiguous-partner"
    NOT_IN_FILE = "number-not-in-file"
    NOT_DOUBTED = "number-not-doubted"


class NumberNotConfirmed(Exception):
    """Nothing was changed, and why."""

    def __init__(self, why: NumberRefusal) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True, slots=True)
class PartnerNumbers:
    """Numbers in one hand, what partners hear of them in the other."""

    directory: PartnerDirectory
    decisions: ThreadDecisions[Partner]
    clock: Clock
    new_id: Callable[[], str]

    async def doubted(self) -> list[Partner]:
        """Those whose number a person has to look at, by number."""
        return sorted(await self.directory.threads.doubted(), key=lambda partner: partner.phone)

    async def find(self, named: str) -> Partner:
        """The partner with that number, of that id of the business file, or of that thread; NumberNotConfirmed."""
        thread = PartnerId(LeadId(named)) if is_partner(named) else self.directory.id_of(self._phone_of(named))
        stored = await self.directory.threads.load(thread)
        if stored is None:
            raise NumberNotConfirmed(NumberRefusal.UNKNOWN if is_partner(named) else NumberRefusal.NOT_DOUBTED)
        return stored.thread

    async def confirm(self, named: str, *, dry_run: bool = False) -> Partner:
        """The number of the business file is theirs, whoever has it in WhatsApp now; NumberNotConfirmed.

        How they stand then, in a dry run how they would. Killed in between, the thread is locked as before, and
        confirming once more does it all.
        """
        partner = await self.find(named)
        if roles_of(self.directory.business(), partner.phone) is None:
            raise NumberNotConfirmed(NumberRefusal.NOT_IN_FILE)
        if not partner.is_doubted:
            raise NumberNotConfirmed(NumberRefusal.NOT_DOUBTED)
        if not dry_run:
            # first, or their next word would lock it once more
            await self.directory.aliases.unbind_partner(partner.id)
            event = PartnerNumberConfirmed(EventId(f"number:{self.new_id()}"), await self.clock.business_now())
            await self.decisions.tell(partner.id, event)
            log.info("partner_number_confirmed", lead=partner.id)
        return partner.at_their_number()

    def _phone_of(self, named: str) -> str:
        """The number as the business file has it; NumberNotConfirmed."""
        business = self.directory.business()
        digits = "".join(letter for letter in named if letter.isdecimal())
        found = {phone for who, phone in _numbers(business) if named == who or (digits and phone == f"+{digits}")}
        if len(found) > 1:
            raise NumberNotConfirmed(NumberRefusal.AMBIGUOUS)
        if not found:
            raise NumberNotConfirmed(NumberRefusal.UNKNOWN)
        return found.pop()


def _numbers(business: Business) -> list[tuple[str, str]]:
    parties = (business.providers, business.staff, business.places)
    return [(str(one.id), one.contact.phone) for named in parties for one in named]
