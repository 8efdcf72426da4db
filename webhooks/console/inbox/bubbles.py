"""The transcript as a thread: who said what and when, what became of it, and what cannot be shown said to be so."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from bot.dialogue import merging
from bot.dialogue.changes import telling
from bot.store.messages import NOTE, DeliveryStatus, TranscriptLine
from webhooks.console import words
from webhooks.console.inbox.contents import FROM_THE_APP
from webhooks.console.inbox.moments import Reader
from webhooks.console.inbox.readable import Readable, labelled_lines, without_body
from webhooks.console.inbox.rows import NameOf

GAP_SECONDS: Final = 300
"""Lines of one person within this are one group."""
LONGEST: Final = 4000
"""Letters of one bubble that are shown at once."""
_EDITED: Final = "(edited) "
_DELETED: Final = frozenset({"(deleted by the customer)", "(deleted)"})
_MARK: Final = re.compile(r"\((\w+)\)(?: |\n|$)")
_BUTTON: Final = re.compile(r"^\[([^\[\]\n]{1,60})\](?: (https?://\S+))?$")
_ICONS: Final = {
    "image": "image",
    "video": "video",
    "audio": "mic",
    "voice": "mic",
    "document": "file",
    "sticker": "sticker",
    "location": "map-pin",
    "contact": "contact",
    "order": "shopping-cart",
    "form": "clipboard-list",
    "reaction": "smile",
}


@dataclass(frozen=True, slots=True)
class ThreadBubble:
    """One message, note or line of the house."""

    id: str
    side: str
    """`customer`, `bot`, `agent`, `note` or `system`."""
    by: str
    """Who it was, where that is known."""
    is_from_app: bool
    """Whether a colleague wrote it in the messenger's own app."""
    text: str
    rest: str
    """What is too long to be shown at once."""
    at: str
    at_words: str
    day: str | None
    """Where another day begins."""
    starts_group: bool
    kind: str | None
    """What it is besides words."""
    icon: str | None
    label: str | None
    buttons: tuple[str, ...]
    is_edited: bool
    is_deleted: bool
    held: Readable
    tick: str | None
    tick_words: str | None
    failure: str | None
    went_again: bool
    """Whether it went once more, as another message."""
    understood: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ThreadFacts:
    """What is known besides the lines themselves."""

    readable: Mapping[str, Readable] = field(default_factory=dict)
    understood: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sent_again: Collection[str] = ()
    """Lines that failed and went once more."""


def bubbles_of(
    lines: Sequence[TranscriptLine], reader: Reader, name_of: NameOf, facts: ThreadFacts
) -> list[ThreadBubble]:
    """The thread, oldest first."""
    found: list[ThreadBubble] = []
    day, before = None, None
    for line in lines:
        today = reader.day(line.at)
        side = _side(line)
        near = before is not None and (line.at - before.at).total_seconds() < GAP_SECONDS
        same = before is not None and _whose(before) == _whose(line)
        is_first = today != day
        starts = is_first or not (near and same)
        found.append(_bubble(line, side, today if is_first else None, reader, name_of, facts, starts_group=starts))
        day, before = today, line
    return found


def _bubble(
    line: TranscriptLine,
    side: str,
    day: str | None,
    reader: Reader,
    name_of: NameOf,
    facts: ThreadFacts,
    *,
    starts_group: bool,
) -> ThreadBubble:
    is_from_app = line.id.startswith(FROM_THE_APP)
    known = facts.readable.get(line.id)
    said = _said(line, known) if side == "customer" or is_from_app else _Said(line.text)
    language = reader.language
    if line.what == merging.MERGED:
        said = replace(said, text=_merged(line.text, language))
    elif line.what == telling.EDITED:
        said = replace(said, text=words.say("inbox.words_edited", language, name=name_of(line.by)))
    has_buttons = side in {"bot", "agent"} and not is_from_app
    body, buttons, _ = offered(said.text) if has_buttons else (said.text, (), ())
    held = known or without_body(said.kind) or Readable(said.kind)
    if said.kind == "form" and not held.fields:
        held = replace(held, fields=labelled_lines(said.text))
    is_deleted = line.text in _DELETED
    return ThreadBubble(
        id=line.id,
        side=side,
        by=_by(line, side, name_of, language, is_from_app=is_from_app),
        is_from_app=is_from_app,
        text="" if is_deleted or held.fields else body[:LONGEST],
        rest="" if is_deleted or held.fields else body[LONGEST:],
        at=line.at.isoformat(),
        at_words=reader.clock(line.at),
        day=day,
        starts_group=starts_group,
        kind=said.kind,
        icon=None if said.kind is None else _ICONS.get(said.kind, "smartphone"),
        label=None if said.kind is None else _label(said.kind, language),
        buttons=buttons,
        is_edited=said.is_edited,
        is_deleted=is_deleted,
        held=held,
        tick=None if line.tick is None else line.tick.value,
        tick_words=None if line.tick is None else words.say(f"inbox.tick.{line.tick.value}", language),
        failure=_failure(line, language),
        went_again=line.id in facts.sent_again,
        understood=facts.understood.get(line.id, ()),
    )


def _merged(text: str, language: str) -> str:
    """That two conversations became one, and what came from where."""
    told = dict(labelled_lines(text.partition("\n")[2]))
    number = told.get(merging.BROUGHT_NUMBER)
    who = " · ".join(filter(None, (told.get(merging.BROUGHT_NAME), number and f"+{number}")))
    parts = [words.say("inbox.merged", language, who=who or words.say("inbox.merged.hidden", language))]
    if bookings := told.get(merging.BROUGHT_BOOKINGS):
        parts.append(words.say("inbox.merged.bookings", language, bookings=bookings))
    if count := told.get(merging.BROUGHT_MESSAGES):
        parts.append(words.say("inbox.merged.messages", language, count=int(count) if count.isdecimal() else 0))
    return " ".join(parts)


def _label(kind: str, language: str) -> str:
    """What it is; of what nobody here can show at least its name, as Meta calls it."""
    key = f"inbox.kind.{kind}"
    if words.has(key):
        return words.say(key, language)
    named = kind.removeprefix("unsupported_").replace("_", " ")
    if named in {"unsupported", "unknown"}:
        return words.say("inbox.kind.other", language)
    return words.say("inbox.kind.unknown", language, kind=named)


def _by(line: TranscriptLine, side: str, name_of: NameOf, language: str, *, is_from_app: bool) -> str:
    if is_from_app:
        return words.say("inbox.in_the_app", language)
    return name_of(line.by) if line.by and side == "note" else ""


def _whose(line: TranscriptLine) -> tuple[str, str, bool]:
    return _side(line), line.by, line.id.startswith(FROM_THE_APP)


def _side(line: TranscriptLine) -> str:
    if line.author != NOTE:
        return line.author
    return "system" if line.what else "note"


@dataclass(frozen=True, slots=True)
class _Said:
    text: str
    kind: str | None = None
    is_edited: bool = False


def _said(line: TranscriptLine, known: Readable | None) -> _Said:
    """The words of a line, and what it was; where its message is at hand nobody who types a mark is taken for one."""
    read = _read(line.text)
    if known is None:
        return read
    if known.kind is None:
        return _Said(line.text.removeprefix(_EDITED), None, line.text.startswith(_EDITED))
    return replace(read, kind=known.kind, text=read.text if known.text is None else known.text)


def _read(text: str) -> _Said:
    """The same by the mark before the words."""
    is_edited = text.startswith(_EDITED)
    text = text.removeprefix(_EDITED)
    if text.startswith("[") and text.endswith("]") and "\n" not in text:
        return _Said(text[1:-1], "tap", is_edited)
    mark = _MARK.match(text)
    if mark is None or mark[1] == "deleted":
        return _Said(text, None, is_edited)
    return _Said(text[mark.end() :].strip(), mark[1], is_edited)


def offered(text: str) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """Our own words without the buttons at their end; the labels of those, and the addresses that some of them open."""
    lines = text.split("\n")
    found: list[tuple[str, str | None]] = []
    while lines and (button := _BUTTON.match(lines[-1])):
        found.insert(0, (button[1], button[2]))
        lines.pop()
    links = tuple(address for _, address in found if address)
    return "\n".join(lines).rstrip(), tuple(label for label, _ in found), links


def _failure(line: TranscriptLine, language: str) -> str | None:
    """Why it did not arrive, and what next; none where it did."""
    if line.tick is DeliveryStatus.PERHAPS:
        return words.say("inbox.failure.perhaps_sent", language)
    if line.tick is not DeliveryStatus.FAILED:
        return None
    for key in (f"inbox.failure.code_{line.code}", f"inbox.failure.{line.failure.lower()}"):
        if words.has(key):
            return words.say(key, language)
    return words.say("inbox.failure.other", language)
