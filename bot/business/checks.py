"""What only the whole file can tell: names that lead nowhere, twins, texts too long, and more."""

from collections.abc import Callable, Iterable, Iterator
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.business import (
    attention_checks,
    money_checks,
    policy_checks,
    rule_checks,
    service_checks,
    task_checks,
    timer_checks,
    word_checks,
)
from bot.business.definition import Definition
from bot.business.faq import ANSWER_LIMIT
from bot.business.inbox import FACTS, unknown_facts
from bot.business.problems import Path, nearest
from bot.business.words import LocalizedText, WordLanguage
from bot.domain.languages import CODES

Finding = tuple[Path, str, str]
"""Where, what is wrong, how to fix it."""

NAME_LIMIT = 24
SUMMARY_LIMIT = 72
ACCESS_LIMIT = 500
"""They stand in one message with the booking and what to expect."""
GREETING_LIMIT = 60
"""As the name of the business, for which it stands in the greeting."""
ABOUT_LIMIT = 300
"""It stands in one message with what can be done."""
POLICY_LIMIT = 500
"""It stands in one message with the booking."""
APOLOGY_LIMIT = 500
"""It stands in one message with the news and the times to choose from."""


def findings(file: Definition) -> tuple[Finding, ...]:
    """Every mistake between the parts of a file whose parts are well formed."""
    rules = (
        _zone,
        _languages,
        _twins,
        _codes,
        _rooms,
        _references,
        _texts,
        _answers,
        _replies,
        money_checks.split_findings,
        money_checks.commission_findings,
        service_checks.findings,
    )
    of_parts = (
        money_checks.findings,
        policy_checks.findings,
        policy_checks.name_findings,
        task_checks.findings,
        timer_checks.findings,
        attention_checks.findings,
        rule_checks.findings,
        word_checks.findings,
    )
    return _found(file, (*rules, *of_parts))


def findings_despite(file: Definition, *, are_ids_known: bool) -> tuple[Finding, ...]:
    """The mistakes that are certain even while stand-ins fill some gaps of the file."""
    rules = (_zone, _languages, _texts, _answers, _replies, money_checks.split_findings)
    return _found(file, (*rules, _twins, _references, policy_checks.name_findings) if are_ids_known else rules)


def _found(file: Definition, rules: Iterable[Callable[[Definition], Iterator[Finding]]]) -> tuple[Finding, ...]:
    return tuple(finding for rule in rules for finding in rule(file))


def _zone(file: Definition) -> Iterator[Finding]:
    try:
        ZoneInfo(file.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield (
            ("timezone",),
            f"`{file.timezone}` is no time zone",
            "write an IANA name such as Asia/Makassar or Asia/Ho_Chi_Minh",
        )
    rules = file.sop.slot
    if rules.proposal_min > rules.proposal_max:
        yield (
            ("sop", "slot", "proposal_min"),
            f"{rules.proposal_min} is more than proposal_max {rules.proposal_max}",
            "lower it, or raise proposal_max",
        )


def _languages(file: Definition) -> Iterator[Finding]:
    for at, code in enumerate(file.languages):
        yield from _known(("languages", at), "language", code, CODES)


def _twins(file: Definition) -> Iterator[Finding]:
    lists: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("areas", tuple(item.id for item in file.areas)),
        ("places", tuple(item.id for item in file.places)),
        ("providers", tuple(item.id for item in file.providers)),
        ("referrers", tuple(item.id for item in file.referrers)),
        ("equipment", tuple(item.id for item in file.equipment)),
        ("staff", tuple(item.id for item in file.staff)),
        ("tasks", tuple(item.id for item in file.tasks or ())),
        ("timers", tuple(item.id for item in file.timers or ())),
        ("upkeep", tuple(item.id for item in file.upkeep)),
        ("services", tuple(item.id for item in file.services)),
        ("splits", tuple(item.id for item in file.splits)),
        ("policies", tuple(item.id for item in file.policies)),
        ("faq", tuple(item.id for item in file.faq)),
        ("replies", tuple(item.id for item in file.replies)),
        ("rules", tuple(item.id for item in file.rules)),
        ("prices", tuple(item.id or "" for item in file.prices)),
    )
    for name, ids in lists:
        seen: set[str] = set()
        for index, item in enumerate(ids):
            if item and item in seen:
                yield (
                    (name, index, "id"),
                    f"`{item}` stands twice in {name}",
                    "give one of them another id",
                )
            seen.add(item)


def _rooms(file: Definition) -> Iterator[Finding]:
    """Two rooms of one name would have one code."""
    for index, place in enumerate(file.places):
        for at, room in enumerate(place.rooms):
            if room.strip().casefold() in {other.strip().casefold() for other in place.rooms[:at]}:
                yield ("places", index, "rooms", at), f"`{room}` stands twice in its rooms", "take one of them out"


def _codes(file: Definition) -> Iterator[Finding]:
    """Two referrers with one code would share what neither of them earned alone."""
    for index, one in enumerate(file.referrers):
        if one.code in {other.code for other in file.referrers[:index]}:
            yield ("referrers", index, "code"), f"`{one.code}` stands twice in referrers", "give one of them another"


def _references(file: Definition) -> Iterator[Finding]:
    areas = tuple(str(item.id) for item in file.areas)
    places = tuple(str(item.id) for item in file.places)
    providers = tuple(str(item.id) for item in file.providers)
    services = tuple(str(item.id) for item in file.services)
    equipment = tuple(str(item.id) for item in file.equipment)
    for index, place in enumerate(file.places):
        yield from _known(("places", index, "area"), "area", place.area, areas)
    for index, provider in enumerate(file.providers):
        for at, area in enumerate(provider.areas):
            yield from _known(("providers", index, "areas", at), "area", area, areas)
        for at, service in enumerate(provider.services):
            yield from _known(("providers", index, "services", at), "service", service, services)
    for index, person in enumerate(file.staff):
        for at, area in enumerate(person.areas):
            yield from _known(("staff", index, "areas", at), "area", area, areas)
    for index, item in enumerate(file.services):
        for at, place_id in enumerate(item.places):
            yield from _known(("services", index, "places", at), "place", place_id, places)
        for at, thing in enumerate(item.equipment):
            yield from _known(("services", index, "equipment", at), "equipment", thing, equipment)
        yield from _known(("services", index, "split"), "split", item.split, tuple(split.id for split in file.splits))
    for index, row in enumerate(file.prices):
        yield from _known(("prices", index, "service"), "service", row.service, services)
        yield from _known(("prices", index, "provider"), "provider", row.provider, providers)
        yield from _known(("prices", index, "area"), "area", row.area, areas)
        yield from _known(("prices", index, "place"), "place", row.place, places)


def _known(path: Path, noun: str, word: str | None, known: tuple[str, ...]) -> Iterator[Finding]:
    if word is not None and word not in known:
        yield path, f"there is no {noun} `{word}`", nearest(word, known, f"add the {noun} first")


def _texts(file: Definition) -> Iterator[Finding]:
    """Texts must be there in the default language and fit the rows customers see."""
    default = file.languages[0]
    texts: list[tuple[Path, LocalizedText, int | None]]
    texts = [(("texts", "greeting"), file.texts.greeting, None), (("texts", "about"), file.texts.about, None)]
    if file.texts.apology is not None:
        texts.append((("texts", "apology"), file.texts.apology, None))
    texts += [(("services", at, "name"), item.name, NAME_LIMIT) for at, item in enumerate(file.services)]
    texts += [(("services", at, "summary"), item.summary, SUMMARY_LIMIT) for at, item in enumerate(file.services)]
    texts += [(("places", at, "name"), item.name, NAME_LIMIT) for at, item in enumerate(file.places)]
    optional = [(at, "directions", item.directions) for at, item in enumerate(file.places)]
    optional += [(at, "access", item.access) for at, item in enumerate(file.places)]
    texts += [(("places", at, key), written, None) for at, key, written in optional if written is not None]
    texts += [(("providers", at, "name"), item.name, NAME_LIMIT) for at, item in enumerate(file.providers)]
    texts += [(("tasks", at, "title"), item.title, None) for at, item in enumerate(file.tasks or ()) if item.title]
    texts += [(("upkeep", at, "title"), item.title, None) for at, item in enumerate(file.upkeep)]
    switched = [(at, item.amenities) for at, item in enumerate(file.places) if item.amenities is not None]
    texts += [(("places", at, "amenities", "what"), item.what, None) for at, item in switched]
    texts += [(("replies", at, "text"), item.text, None) for at, item in enumerate(file.replies)]
    texts += [(("faq", at, "question"), item.question, None) for at, item in enumerate(file.faq)]
    texts += [(("faq", at, "answer"), item.answer, None) for at, item in enumerate(file.faq)]
    for path, words, limit in texts:
        # in a language that the file has no key for, what is written in another one is said
        if not (words.written(default) if default in set(WordLanguage) else words.say(default)):
            yield path, f"has no text in `{default}`, the default language", f"add `{default}: ...`"
        for language in file.languages:
            written = words.written(language) or ""
            if limit and len(written) > limit:
                yield (
                    (*path, language),
                    f"has {len(written)} characters, but a list row holds {limit}",
                    "say it shorter",
                )


def _replies(file: Definition) -> Iterator[Finding]:
    """A ready text names what can be filled; a country has one price."""
    for at, reply in enumerate(file.replies):
        for language in file.languages:
            for name in unknown_facts(reply.text, language):
                known = ", ".join(f"{{{fact}}}" for fact in FACTS)
                yield ("replies", at, "text", language), f"names {{{name}}}, which nobody can fill", f"known: {known}"
    for at, row in enumerate(file.message_prices):
        if row.country in {other.country for other in file.message_prices[:at]}:
            yield ("message_prices", at, "country"), f"`{row.country}` stands twice", "take one of them out"


def _answers(file: Definition) -> Iterator[Finding]:
    """Answers fit a message with buttons behind them, and so does what is said with the sorry."""
    for at, place in enumerate(file.places):
        for language in file.languages:
            written = (place.access.written(language) if place.access is not None else None) or ""
            if len(written) > ACCESS_LIMIT:
                yield (
                    ("places", at, "access", language),
                    f"has {len(written)} characters, but access notes hold {ACCESS_LIMIT}",
                    "say it shorter",
                )
    own: list[tuple[Path, LocalizedText, int]] = [
        (("texts", "greeting"), file.texts.greeting, GREETING_LIMIT),
        (("texts", "about"), file.texts.about, ABOUT_LIMIT),
    ]
    own += [(("policies", at, "text"), one.text, POLICY_LIMIT) for at, one in enumerate(file.policies) if one.text]
    for path, words, limit in own:
        for language in file.languages:
            if len(words.written(language) or "") > limit:
                yield (*path, language), f"is longer than {limit} characters", "say it shorter"
    for language in file.languages:
        written = (file.texts.apology.written(language) if file.texts.apology is not None else None) or ""
        if len(written) > APOLOGY_LIMIT:
            yield (
                ("texts", "apology", language),
                f"has {len(written)} characters, but an apology holds {APOLOGY_LIMIT}",
                "say it shorter",
            )
    for at, item in enumerate(file.faq):
        for language in file.languages:
            written = item.answer.written(language) or ""
            if len(written) > ANSWER_LIMIT:
                yield (
                    ("faq", at, "answer", language),
                    f"has {len(written)} characters, but an answer holds {ANSWER_LIMIT}",
                    "say it shorter, or make two entries of it",
                )
