"""The rules of each component on its own: what it must and may carry, and how much (reference: whatsapp 2.4)."""

import difflib
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from flows import components, limits
from flows.components import KINDS, Version
from flows.lint_tree import FlowJson, Placed, called, is_list, mapping, objects
from flows.problem import FlowProblem, shown

_SPEAKS: Final = frozenset({"TextHeading", "TextSubheading", "TextBody", "TextCaption", "EmbeddedLink"})
"""Whose text is not accepted when it is blank."""
_DATES: Final = ("min-date", "max-date")


def unknown_properties(
    body: FlowJson, known: Collection[str], screen: str, where: str, path: str
) -> Iterator[FlowProblem]:
    """Properties nobody knows, with the nearest that exists."""
    for key in body:
        if key not in known:
            at = f"{path}.{shown(key)}" if path else shown(key)
            yield FlowProblem(screen, where, f"has an unknown property {shown(key)}", _nearest(str(key), known), at)


def _nearest(word: str, known: Collection[str]) -> str:
    close = difflib.get_close_matches(word[:80], sorted(known), 1)
    return f"did you mean {close[0]}?" if close else "take it out"


def component_problems(part: Placed, version: Version) -> Iterator[FlowProblem]:
    """Everything wrong with one component by itself."""
    kind = KINDS.get(part.kind)
    if kind is None:
        written = part.body.get("type")
        said = "has no type" if written is None else f"is an unknown component {shown(written)}"
        yield part.problem(said, _nearest(str(written), KINDS) if written else "name its type", "type")
        return
    if version < kind.since:
        yield part.problem(f"needs Flow JSON {kind.since[0]}.{kind.since[1]}", "raise the version", "type")
    yield from unknown_properties(part.body, kind.properties, part.screen, part.where, part.path)
    required = set(kind.required)
    if version >= (4, 0) and part.kind in {"CheckboxGroup", "RadioButtonsGroup"}:
        # Meta made the label of these two mandatory with 4.0.
        required.add("label")
    for name in sorted(required):
        if part.body.get(name) in (None, ""):
            yield part.problem(f"has no {name}", f"add {name}", name)
    if "name" in part.body and not isinstance(part.body["name"], str):
        yield part.problem(f"has a name that is {called(part.body['name'])}, not text", at="name")
    yield from _value_problems(part, version)
    limits_here = limits.TEXT.get(part.kind, {})
    for name, value in part.body.items():
        # "text" is judged also where it has no limit: it may be blank or no text at all.
        if name == "text" or name in limits_here:
            yield from _one_text(part, str(name), value, limits_here.get(name))
    yield from _nesting_problems(part, version)
    special = _SPECIAL.get(part.kind)
    if special is not None:
        yield from special(part, version)


def _value_problems(part: Placed, version: Version) -> Iterator[FlowProblem]:
    for name, value in part.body.items():
        allowed = components.ENUMS.get((part.kind, name))
        if allowed is not None and not is_bound(value) and value not in sorted(allowed):
            yield part.problem(f"has {name} {shown(value)}", f"one of {', '.join(sorted(allowed))}", str(name))
        if name in components.FLAGS and not _is_flag(value):
            yield part.problem(f"has {name} that is {called(value)}", "write true or false", str(name))
        since = components.PROPERTY_SINCE.get((part.kind, name))
        if since is not None and version < since:
            yield part.problem(
                f"has {name}, which needs Flow JSON {since[0]}.{since[1]}", "raise the version", str(name)
            )


def _is_flag(value: object) -> bool:
    if isinstance(value, Mapping):  # of a CalendarPicker's range: one for each end
        return all(_is_flag(one) for one in value.values() if not isinstance(one, Mapping))
    return isinstance(value, bool) or is_bound(value)


def is_bound(value: object) -> bool:
    """Whether it is read when the screen is shown, so that nothing can be said of it now."""
    return isinstance(value, str) and ("${" in value or value.startswith("`"))


def _one_text(part: Placed, name: str, value: object, limit: int | None) -> Iterator[FlowProblem]:
    if isinstance(value, Mapping) and part.kind == "CalendarPicker":
        for end, words in value.items():
            if not isinstance(words, Mapping):
                yield from _one_text(part, f"{name}.{end}", words, limit)
        return
    if is_list(value) and name == "text":
        # A RichText may be a list of lines; its limit counts them as a whole.
        texts = [one for one in value if isinstance(one, str)]
        value = "\n".join(texts) if len(texts) == len(value) else None
    if not isinstance(value, str):
        if not (name == "error-message" and isinstance(value, Mapping)):
            yield part.problem(f"has {name} that is {called(value)}, not text", "write words", name)
        return
    if is_bound(value):
        return
    if part.kind in _SPEAKS and name == "text" and not value.strip():
        yield part.problem(f"{name} is blank", "write words, or take the component out", name)
    if limit is not None and len(value) > limit:
        # Meta's pages disagree on some limits: between the two figures it is a warning.
        more = limits.DISPUTED.get(part.kind, {}).get(name, limit)
        said = f"{name} has {len(value)} characters, {limit} fit"
        yield part.problem(said, "shorten it", name, is_warning=len(value) <= more)


def _nesting_problems(part: Placed, version: Version) -> Iterator[FlowProblem]:
    around = next((one for one in reversed(part.parents) if one in {"If", "Switch"}), None)
    if around is None:
        return
    # Chips came into conditions later than the other components.
    chips = part.kind == "ChipsSelector"
    if chips and version < components.CHIPS_IN_CONDITIONS:
        yield part.problem(f"stands in {around}, which needs Flow JSON 7.1", "raise the version")
    elif not chips and part.kind not in components.CONDITIONAL:
        yield part.problem(f"cannot stand in {around}", "put it outside")
    if around == "Switch" and part.kind in {"If", "Switch"}:
        yield part.problem("stands in a Switch", "put the Switch into the If", is_warning=True)


def _options(part: Placed, version: Version) -> Iterator[FlowProblem]:
    source = part.body.get("data-source")
    if not is_list(source):
        if source is not None and not is_bound(source):
            fix = 'write [{"id": "1", "title": "…"}] or "${data.options}"'
            yield part.problem(f"has a data-source that is {called(source)}", fix, "data-source")
        return
    fewest, most = limits.OPTION_COUNT[part.kind]
    options = objects(source)
    if part.kind == "Dropdown" and any("image" in one for _, one in options):
        most = limits.DROPDOWN_WITH_IMAGES
    if not fewest <= len(source) <= most:
        yield part.problem(f"has {len(source)} options, {fewest} to {most} fit", at="data-source")
    if len(options) < len(source):
        yield part.problem("has an option that is no object", 'write {"id": "1", "title": "…"}', "data-source")
    seen: set[str] = set()
    for number, option in options:
        at = f"data-source[{number}]"
        yield from unknown_properties(
            option, components.OPTION, part.screen, f"{part.where} option", f"{part.path}.{at}"
        )
        for name in ("id", "title"):
            if not isinstance(option.get(name), str) or not option.get(name):
                yield part.problem(f"has an option without {name}", f"{name} is text", f"{at}.{name}")
        own = option.get("id")
        if isinstance(own, str):
            if own in seen:
                yield part.problem(f"has two options {shown(own)}", "give each an id of its own", f"{at}.id")
            seen.add(own)
        for name, limit in limits.OPTION_TEXT.items():
            text = option.get(name, "")
            if isinstance(text, str) and not is_bound(text) and len(text) > limit:
                yield part.problem(
                    f"option {name} has {len(text)} characters, {limit} fit", "shorten it", f"{at}.{name}"
                )


def _text_input(part: Placed, version: Version) -> Iterator[FlowProblem]:
    if "pattern" in part.body and not part.body.get("helper-text"):
        yield part.problem("has a pattern and no helper-text", "say what is to be typed", "helper-text")


def _footer(part: Placed, version: Version) -> Iterator[FlowProblem]:
    left, center, right = (f"{side}-caption" in part.body for side in ("left", "center", "right"))
    if center and (left or right):
        yield part.problem("has a center-caption beside others", "left and right, or center", "center-caption")
    elif left != right:
        yield part.problem("has one of two captions", "left and right go together", "left-caption")


def _calendar(part: Placed, version: Version) -> Iterator[FlowProblem]:
    yield from _dates(part, version)
    days = part.body.get("include-days")
    if is_list(days):
        for day in days:
            if not isinstance(day, str) or day not in components.WEEKDAYS:
                yield part.problem(f"includes {shown(day)}", "one of Mon Tue Wed Thu Fri Sat Sun", "include-days")
    if part.body.get("mode", "single") == "single":
        for name in ("title", "description", "min-days", "max-days"):
            if name in part.body:
                yield part.problem(f"has {name}", 'it shows with "mode": "range" only', name, is_warning=True)


def _dates(part: Placed, version: Version) -> Iterator[FlowProblem]:
    if version < (5, 0):
        return  # milliseconds then
    said: dict[str, date] = {}
    for name in _DATES:
        value = part.body.get(name)
        if value is not None and not is_bound(value):
            day = _day(value)
            if day is None:
                yield part.problem(f"has {name} {shown(value)}", "write it like 2026-03-14", name)
            else:
                said[name] = day
    if len(said) == len(_DATES) and said["min-date"] > said["max-date"]:
        yield part.problem("has a min-date behind its max-date", "change them", "min-date")
    for value in part.body["unavailable-dates"] if is_list(part.body.get("unavailable-dates")) else ():
        day = _day(value)
        if day is None and not is_bound(value):
            yield part.problem(
                f"has an unavailable date {shown(value)}", "write it like 2026-03-14", "unavailable-dates"
            )
        elif day is not None and not said.get("min-date", day) <= day <= said.get("max-date", day):
            fix = "take it out: it cannot be chosen anyway"
            yield part.problem(f"has an unavailable date outside its range: {day}", fix, "unavailable-dates")


def _day(value: object) -> date | None:
    if not isinstance(value, str) or len(value) != len("2026-03-14"):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _navigation(part: Placed, version: Version) -> Iterator[FlowProblem]:
    items = part.body.get("list-items")
    if not is_list(items):
        if items is not None and not is_bound(items):
            yield part.problem(
                f"has list-items that are {called(items)}", 'write a list or "${data.items}"', "list-items"
            )
        return
    fewest, most = limits.NAVIGATION_ITEMS
    found = objects(items)
    if not fewest <= len(items) <= most or len(found) < len(items):
        yield part.problem(f"has {len(items)} items, {fewest} to {most} objects fit", at="list-items")
    own = "on-click-action" in part.body
    acting = [one for _, one in found if "on-click-action" in one]
    if own and acting:
        yield part.problem("has an action on the list and on its items", "keep one of the two", "on-click-action")
    elif not own and len(acting) < len(found):
        yield part.problem(
            "has items that lead nowhere", "add on-click-action to the list, or to each item", "list-items"
        )
    if sum("badge" in one for _, one in found) > 1:
        yield part.problem("has more than one badge", "one item of a list has one", "list-items")
    for number, item in found:
        yield from _item(part, item, f"list-items[{number}]")


def _item(part: Placed, item: FlowJson, at: str) -> Iterator[FlowProblem]:
    yield from unknown_properties(item, components.ITEM, part.screen, f"{part.where} item", f"{part.path}.{at}")
    if not isinstance(item.get("id"), str):
        yield part.problem("has an item without id", "id is text", f"{at}.id")
    if not isinstance(mapping(item.get("main-content")).get("title"), str):
        yield part.problem("has an item without a title", "main-content has a title", f"{at}.main-content.title")
    if "end" in item and part.body.get("media-size") == "large":
        yield part.problem("has an end beside large media", "take one of the two out", f"{at}.end")
    texts = [("badge", item.get("badge"), limits.BADGE_CHARS)]
    for where, table in limits.ITEM_TEXT.items():
        texts += [(f"{where}.{name}", mapping(item.get(where)).get(name), limit) for name, limit in table.items()]
    tags = item.get("tags")
    if is_list(tags):
        texts += [("tags", one, limits.BADGE_CHARS) for one in tags]
        if len(tags) > limits.TAGS:
            yield part.problem(f"has {len(tags)} tags, {limits.TAGS} fit", at=f"{at}.tags")
    for where, text, limit in texts:
        if isinstance(text, str) and not is_bound(text) and len(text) > limit:
            yield part.problem(f"{where} has {len(text)} characters, {limit} fit", "shorten it", f"{at}.{where}")


def _carousel(part: Placed, version: Version) -> Iterator[FlowProblem]:
    images = part.body.get("images")
    if not is_list(images):
        return
    fewest, most = limits.CAROUSEL_IMAGES
    if not fewest <= len(images) <= most:
        yield part.problem(f"has {len(images)} images, {fewest} to {most} fit", at="images")
    for number, image in objects(images):
        for name in ("src", "alt-text"):
            if not isinstance(image.get(name), str):
                yield part.problem(f"has an image without {name}", f"add {name}", f"images[{number}].{name}")


def _picker(part: Placed, version: Version) -> Iterator[FlowProblem]:
    what = "photos" if part.kind == "PhotoPicker" else "documents"
    fewest, most = (
        part.body.get(f"min-uploaded-{what}", 0),
        part.body.get(f"max-uploaded-{what}", limits.UPLOADED_FILES),
    )
    for name, value, least, limit in (
        (f"min-uploaded-{what}", fewest, 0, limits.UPLOADED_FILES),
        (f"max-uploaded-{what}", most, 1, limits.UPLOADED_FILES),
        ("max-file-size-kb", part.body.get("max-file-size-kb", 1), 1, limits.UPLOADED_KB),
    ):
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= limit:
            yield part.problem(f"has {name} {shown(value)}", f"a number from {least} to {limit}", name)
    if isinstance(fewest, int) and isinstance(most, int) and fewest > most:
        yield part.problem(f"wants at least {fewest} {what} and at most {most}", "change them", f"min-uploaded-{what}")


def _if(part: Placed, version: Version) -> Iterator[FlowProblem]:
    condition = part.body.get("condition")
    if isinstance(condition, str) and condition and "${" not in condition:
        yield part.problem("has a condition without ${…}", "compare something with it", "condition")
    for name in ("then", "else"):
        if name in part.body and not objects(part.body[name]):
            yield part.problem(f"has an empty {name}", "it is a list of components", name)


def _switch(part: Placed, version: Version) -> Iterator[FlowProblem]:
    if not mapping(part.body.get("cases")):
        yield part.problem("has no cases", 'write {"value": [components]}', "cases")
    for case, children in mapping(part.body.get("cases")).items():
        if not is_list(children):
            yield part.problem(f"has a case {shown(case)} that is {called(children)}", "a list of components", "cases")


_SPECIAL: Final[Mapping[str, Callable[[Placed, Version], Iterator[FlowProblem]]]] = MappingProxyType(
    {
        **dict.fromkeys(limits.OPTION_COUNT, _options),
        "TextInput": _text_input,
        "Footer": _footer,
        "CalendarPicker": _calendar,
        "DatePicker": _dates,
        "NavigationList": _navigation,
        "ImageCarousel": _carousel,
        "PhotoPicker": _picker,
        "DocumentPicker": _picker,
        "If": _if,
        "Switch": _switch,
    }
)
