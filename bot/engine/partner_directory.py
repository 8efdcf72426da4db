"""Who of those that write is a partner: by the numbers of the business file, and the user ids seen with them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.business.contacts import contacts
from bot.business.definition import Business
from bot.domain.ids import LeadId
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

    async def moved(self, aliases: Sequence[str], address: Address) -> PartnerId | None:
        """The partner whose number or user id became that, as WhatsApp says; none for everybody else.

        They are known by the new user id from now on: nothing else links the two.
        """
        numbers, users = self._by_alias(), [alias for alias in aliases if alias.startswith(USER_ID)]
        number = next((alias for alias in aliases if alias in numbers), None)
        partner: PartnerId | None = None
        if number is not None and await self.aliases.may_be_partners(number, users):
            partner = await self.thread_of(numbers[number])
        for user in users:
            partner = partner or await self.aliases.partner_of(user)
        if partner is not None and address.user_id is not None:
            user = self.vault.alias(USER_ID.removesuffix(":"), address.user_id)
            await self.aliases.rebind_partner(number, user, partner)
        return partner

    def is_in_file(self, number: str) -> bool:
        """Whether the business file has that number."""
        return self.vault.alias(WA_ID.removesuffix(":"), number) in self._by_alias()

    def id_of(self, phone: str) -> PartnerId:
        """How the thread of whoever has that number is called."""
        return partner_id(self.vault.alias(WA_ID.removesuffix(":"), phone.removeprefix("+")))

    async def thread_of(self, phone: str) -> PartnerId:
        """The thread of whoever has that number, made at their first word or ours."""
        partner = self.id_of(phone)
        await self.threads.create(Partner(partner, phone, Address(wa_id=phone.removeprefix("+"))))
        return partner

    async def customer_of(self, partner: Partner) -> LeadId | None:
        """The thread that the same person has as a customer."""
        for kind, value in (("wa_id", partner.address.wa_id), ("user_id", partner.address.user_id)):
            found = None if value is None else await self.aliases.find(self.vault.alias(kind, value))
            if found is not None:
                return found
        return None

    async def partner_of(self, customer: Address) -> PartnerId | None:
        """The thread that the same person has about their work; none as long as nothing was said in it."""
        number, user = customer.wa_id, customer.user_id
        if number is not None and self.is_in_file(number):
            partner = self.id_of(number)
            return None if await self.threads.load(partner) is None else partner
        return None if user is None else await self.aliases.partner_of(self.vault.alias("user_id", user))

    def people(self) -> Mapping[str, str]:
        """The name of everybody of the file, by their thread."""
        return {self.id_of(contact.phone): contact.name for contact in contacts(self.business())}

    def _by_alias(self) -> Mapping[str, str]:
        """Number by its keyed hash, of the business file as it is now."""
        business = self.business()
        if business.version != self._version:
            kind = WA_ID.removesuffix(":")
            phones = {contact.phone for contact in contacts(business)}
            self._numbers = {self.vault.alias(kind, phone.removeprefix("+")): phone for phone in phones}
            self._version = business.version
        return self._numbers
