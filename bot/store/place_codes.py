"""`place_codes`: the codes of places that were revoked, one document each; all others follow from the key."""

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.business.definition import Business
from bot.domain import place_codes
from bot.store.driver import Collection, Database


class PlaceCodes:
    """The codes of the places of a business; the newest of the keys signs, all of them are known again."""

    def __init__(self, database: Database, business: Callable[[], Business], secrets: tuple[str, ...]) -> None:
        self._collection: Collection = database["place_codes"]
        self._business = business
        self._secrets = secrets

    async def codes(self) -> Mapping[str, str]:
        """The code of each place, and of each of its rooms (`code_subject`), in the order of the file."""
        numbers = await self._numbers()
        return {place: place_codes.code_of(place, number, self._secrets[0]) for place, number in numbers.items()}

    async def place_of(self, code: str) -> str | None:
        """Whose code it is; none for one that was revoked, or that nobody here made."""
        return place_codes.place_of(code, await self._numbers(), self._secrets)

    async def was_revoked(self, code: str) -> bool:
        """Whether it was a code of ours before."""
        return place_codes.was_revoked(code, await self._numbers(), self._secrets)

    async def revoke(self, code: str, at: datetime) -> str | None:
        """From now on it binds nobody, and the place has another one; the place, none where it is nobody's."""
        numbers = await self._numbers()
        place = place_codes.place_of(code, numbers, self._secrets)
        if place is None:
            return None
        # by its number: two who revoke the same code at once take away one code, not two
        name, number = f"{place}|{numbers[place]}", numbers[place]
        revoked = {"place": place, "number": number, "revoked_at": at}
        await self._collection.update_one({"_id": name}, {"$setOnInsert": revoked}, upsert=True)
        return place

    async def _numbers(self) -> dict[str, int]:
        """How often the code of each place and room was revoked."""
        subjects = ((str(place.id), room) for place in self._business().places for room in (None, *place.rooms))
        numbers = {place_codes.code_subject(place, room): 0 for place, room in subjects}
        for row in await self._collection.find({}).to_list(None):
            if row["place"] in numbers:
                numbers[row["place"]] = max(numbers[row["place"]], row["number"] + 1)
        return numbers
