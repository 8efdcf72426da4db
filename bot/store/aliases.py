"""Which lead an address belongs to: `aliases`, keyed by a hash of the address, so that no number stands in the clear.

Unknown address: the alias is inserted first, then the lead; whoever loses the race reads the winner's.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.domain.ids import LeadId
from bot.domain.partner import PartnerId
from bot.store.driver import Collection, Database
from bot.store.gathered import GatheredWrite, GatheredWrites, by_id

USER_ID: Final = "user_id:"
WA_ID: Final = "wa_id:"
"""What an alias of that kind of address begins with."""
_PARTNER: Final = "partner:"
"""What stands before the alias of who delivers: as a customer they have one of their own."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """The lead an address set belongs to, and the other leads that turn out to be the same person."""

    lead: LeadId
    is_new: bool
    others: tuple[LeadId, ...] = ()


class Aliases:
    """The collection `aliases`."""

    def __init__(self, database: Database) -> None:
        self._collection: Collection = database["aliases"]
        self._looks = by_id(self._collection)
        self._writes = GatheredWrites(self._collection)

    async def resolve(
        self, hashes: Sequence[str], new_lead: LeadId, known: Mapping[str, LeadId] | None = None
    ) -> Resolved:
        """The lead for these addresses; `new_lead` becomes it when nobody has any of them.

        `hashes` must not be empty and go from the surest address to the least sure. The oldest alias wins; leads of
        the other aliases are `others`. `known` is what `known` said of them a moment ago.
        """
        found = dict(await self.known(hashes) if known is None else known)
        if not found:
            # the surest one first, and alone: whoever has it gives the others to the same lead
            found |= await self._claimed(hashes[:1], new_lead)
        lead = next(iter(found.values()))
        found |= await self._claimed([alias for alias in hashes if alias not in found], lead)
        others = tuple(dict.fromkeys(other for other in found.values() if other != lead))
        return Resolved(lead=lead, is_new=lead == new_lead, others=others)

    async def known(self, hashes: Sequence[str]) -> dict[str, LeadId]:
        """Whose these addresses are, the oldest alias first."""
        asked = await asyncio.gather(*map(self._looks.find, dict.fromkeys(hashes)))
        rows = [row for row in asked if row is not None]
        rows.sort(key=lambda row: (row["since"], row["_id"]))
        return {row["_id"]: LeadId(row["lead"]) for row in rows}

    async def has_user_id(self, lead: LeadId) -> bool:
        """Whether that lead is known by a user id, and not by a number alone."""
        query = {"lead": lead, "_id": {"$regex": f"^{USER_ID}"}}
        return await self._collection.find_one(query, {"_id": 1}) is not None

    async def move(self, alias: str, former: LeadId, lead: LeadId) -> None:
        """That address is another's from now on; nothing changes where it has moved already."""
        query = {"_id": alias, "lead": former}
        await self._collection.update_one(query, [{"$set": {"lead": {"$literal": lead}, "since": "$$NOW"}}])

    async def partner_of(self, user: str) -> PartnerId | None:
        """The partner who was seen under that user id."""
        row = await self._looks.find(f"{_PARTNER}{user}")
        return None if row is None else PartnerId(LeadId(row["lead"]))

    async def bind_partner(self, number: str, user: str, partner: PartnerId) -> bool:
        """Whether a partner's number belongs to that user id: the first one seen with it, and no other."""
        known = await self._looks.find(f"{_PARTNER}{number}")
        if known is None:
            change = {"user": {"$ifNull": ["$user", user]}, "lead": partner, "since": {"$ifNull": ["$since", "$$NOW"]}}
            known = await self._collection.find_one_and_update(
                {"_id": f"{_PARTNER}{number}"}, [{"$set": change}], upsert=True, return_document=True
            )
        if known["user"] != user:
            return False
        await self._know_partner(user, partner)
        return True

    async def may_be_partners(self, number: str, users: Sequence[str]) -> bool:
        """Whether a partner's number belongs to one of these user ids, or to none yet."""
        known = await self._looks.find(f"{_PARTNER}{number}")
        return known is None or known["user"] in users

    async def rebind_partner(self, number: str | None, user: str, partner: PartnerId) -> None:
        """That partner has another user id, as WhatsApp says, and so has the number they are known by."""
        if number is not None:
            change = {"user": user, "lead": partner, "since": {"$ifNull": ["$since", "$$NOW"]}}
            await self._collection.update_one({"_id": f"{_PARTNER}{number}"}, [{"$set": change}], upsert=True)
        await self._know_partner(user, partner)

    async def unbind_partner(self, partner: PartnerId) -> None:
        """No user id is theirs any more; the next one seen with their number is."""
        await self._collection.delete_many({"lead": partner, "_id": {"$regex": f"^{_PARTNER}"}})

    async def _know_partner(self, user: str, partner: PartnerId) -> None:
        """From now on they are known by it alone, too, as WhatsApp lets people hide their number; by the thread of the
        number that was seen last."""
        change = {"lead": {"$literal": partner}, "since": {"$ifNull": ["$since", "$$NOW"]}}
        await self._writes.write(GatheredWrite({"_id": f"{_PARTNER}{user}"}, [{"$set": change}], upsert=True))

    async def _claimed(self, aliases: Sequence[str], lead: LeadId) -> dict[str, LeadId]:
        """Whose they are after a try to have them for that lead: somebody may have been faster."""
        change = [
            {"$set": {"lead": {"$ifNull": ["$lead", {"$literal": lead}]}, "since": {"$ifNull": ["$since", "$$NOW"]}}}
        ]
        made = await self._writes.write(*(GatheredWrite({"_id": alias}, change, upsert=True) for alias in aliases))
        others = [alias for alias, is_ours in zip(aliases, made, strict=True) if not is_ours]
        return dict.fromkeys(aliases, lead) | (await self.known(others) if others else {})

    async def repoint(self, younger: LeadId, older: LeadId) -> None:
        """After a merge every address of the younger lead leads to the older one."""
        await self._collection.update_many({"lead": younger}, {"$set": {"lead": older}})

    async def forget(self, lead: LeadId) -> None:
        """After an erasure nobody is found by these addresses; who writes again is new."""
        await self._collection.delete_many({"lead": lead})

    async def find(self, alias: str) -> LeadId | None:
        """The lead of one address, or none."""
        row = await self._looks.find(alias)
        return None if row is None else LeadId(row["lead"])
