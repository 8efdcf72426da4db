"""Who of those that write is a partner: by the numbers of the business file, and the user ids seen with them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.business.contacts import contacts
from bot.business.definition import Business
from bot.domain.lead import Address
from bot.domain.partner import Partner, PartnerId, partner_id
from bot.store.aliases import USER_ID, WA_ID, Aliases
from bot.store.partners import Partners
from bot.store.vault import Vault


@dataclass(frozen=True, slots=True)
class Writer:
    """A partner who writes; `is_anothers` where their number comes with a user id that is not theirs."""

    partner: PartnerId
    is_anothers: bool = False


@dataclass(slots=True)
class PartnerDirectory:
    """Numbers in one hand, threads in the other."""

    threads: Partners
    aliases: Aliases
    vault: Vault
    business: Callable[[], Business]
    _numbers: Mapping[str, str] = field(default_factory=dict)
    _version: str | None = None

    async def writer(self, aliases: Sequence[str]) -> Writer | None:
        """The partner these addresses are of; none for everybody else."""
        numbers = self._by_alias()
        number = next((alias for alias in aliases if alias in numbers), None)
        user = next((alias for alias in aliases if alias.startswith(USER_ID)), None)
        if number is not None:
            partner = await self.thread_of(numbers[number])
            is_theirs = user is None or await self.aliases.bind_partner(number, user, partner)
            return Writer(partner, is_anothers=not is_theirs)
        known = None if user is None else await self.aliases.partner_of(user)
        return None if known is None else Writer(known)

    async def thread_of(self, phone: str) -> PartnerId:
        """The thread of whoever has that number, made at their first word or ours."""
        number = phone.removeprefix("+")
        partner = partner_id(self.vault.alias(WA_ID.removesuffix(":"), number))
        await self.threads.create(Partner(partner, phone, Address(wa_id=number)))
        return partner

    def _by_alias(self) -> Mapping[str, str]:
        """Number by its keyed hash, of the business file as it is now."""
        business = self.business()
        if business.version != self._version:
            kind = WA_ID.removesuffix(":")
            phones = {contact.phone for contact in contacts(business)}
            self._numbers = {self.vault.alias(kind, phone.removeprefix("+")): phone for phone in phones}
            self._version = business.version
        return self._numbers
