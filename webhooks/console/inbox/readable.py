"""What a message holds besides words, so that everything a customer sent can be read: answers as labelled fields,
files, places and people as themselves, and what it is about."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

import orjson

from bot.domain.contents import Bubble, ContactCards, Content, FormSent, Location, Media, Other, Reaction, Tap
from bot.store.messages import TranscriptLine
from webhooks.console import words

_QUOTED_AT_MOST: Final = 160
_FIELDS_AT_MOST: Final = 40
_DEPTH: Final = 4
_NOT_SHOWN: Final = frozenset({"flow_token"})
_LABELLED: Final = re.compile(r"^([^:\n]{1,40}): (.+)$")
# As Meta's own builder names the fields of a form: `screen_0_Your_name_0`, and its options: `0_Yes`.
_BUILT_FIELD: Final = re.compile(r"^screen_\d+_(.+)_\d+$")
_BUILT_OPTION: Final = re.compile(r"^\d+_(?=\S)")
_FILES: Final = frozenset({"image", "video", "audio", "document", "sticker"})


@dataclass(frozen=True, slots=True)
class MediaShown:
    """A file that was sent."""

    what: str
    address: str | None
    """Where it is served by ourselves; none where the messenger does not have it any more."""
    name: str


@dataclass(frozen=True, slots=True)
class PlaceShown:
    """A pin on the map."""

    name: str
    address: str
    at: str
    map: str


@dataclass(frozen=True, slots=True)
class QuotedWords:
    """The message that one is about."""

    side: str | None
    """Whose it was; none where it is not in this conversation any more."""
    text: str


@dataclass(frozen=True, slots=True)
class Readable:
    """All of it."""

    kind: str | None = None
    """What the message is besides words; none where it is words alone."""
    text: str | None = None
    """Its words, where they are others than the transcript's line."""
    fields: tuple[tuple[str, str], ...] = ()
    media: MediaShown | None = None
    place: PlaceShown | None = None
    cards: tuple[tuple[str, tuple[str, ...]], ...] = ()
    about: QuotedWords | None = None


def wamids_of(bubbles: Mapping[str, Bubble]) -> frozenset[str]:
    """Which messages these are about, as far as it is to be shown."""
    return frozenset(filter(None, map(_about, bubbles.values())))


def _about(bubble: Bubble) -> str | None:
    match bubble.content:
        case Reaction(to=to):
            return to
        case Tap() | FormSent():
            # a tap says itself what it answers
            return None
        case _:
            return bubble.quoted


def readable_of(
    bubble: Bubble, thread: str, line: str, quoted: Mapping[str, TranscriptLine], language: str
) -> Readable:
    """What that message holds, in the thread at that address."""
    content = bubble.content
    about = _about(bubble)
    shown = None if about is None else quoted_words(quoted.get(about), language)
    match content:
        case Media(what=what, media_id=media_id, filename=name):
            address = f"{thread}/media/{quote(line, safe='')}" if media_id else None
            return Readable(what, media=MediaShown(what, address, name), about=shown)
        case Location():
            return Readable("location", text="", place=_place(content), about=shown)
        case ContactCards(cards=cards):
            return Readable("contact", text="", cards=cards, about=shown)
        case Reaction(emoji=emoji):
            said = emoji or words.say("inbox.reaction_taken_back", language)
            return Readable("reaction", text=said, about=shown)
        case FormSent(answers=answers):
            return Readable("form", fields=_answers(answers))
        case _:
            return Readable(_kind(content), about=shown)


def _kind(content: Content) -> str | None:
    match content:
        case Tap():
            return "tap"
        case Other(type=kind):
            return kind
        case _:
            return "order" if content.kind == "order" else None


def _place(pin: Location) -> PlaceShown:
    at = f"{pin.latitude:.5f}, {pin.longitude:.5f}"
    where = f"mlat={pin.latitude:.5f}&mlon={pin.longitude:.5f}#map=17/{pin.latitude:.5f}/{pin.longitude:.5f}"
    return PlaceShown(pin.name or "", pin.address or "", at, f"https://www.openstreetmap.org/?{where}")


def quoted_words(line: TranscriptLine | None, language: str) -> QuotedWords:
    """Its beginning; that it is an older one where nobody has it any more."""
    if line is None:
        return QuotedWords(None, words.say("inbox.quoted_gone", language))
    text = " ".join(line.text.split())
    return QuotedWords(line.author, text if len(text) <= _QUOTED_AT_MOST else f"{text[:_QUOTED_AT_MOST]}…")


def without_body(kind: str | None) -> Readable | None:
    """Of a file whose delivery says nothing any more: that it is gone."""
    return Readable(kind, media=MediaShown(kind, None, "")) if kind in _FILES else None


def labelled_lines(text: str) -> tuple[tuple[str, str], ...]:
    """The answers of a form of ours, as its line has them; none where it is a line of another kind."""
    found = [_LABELLED.match(line) for line in text.split("\n")]
    return tuple((one[1], one[2]) for one in found if one is not None) if found and all(found) else ()


def _answers(text: str) -> tuple[tuple[str, str], ...]:
    """The answers of somebody else's form, by the names it has for them: its definition is not known here."""
    try:
        told = orjson.loads(text)
    except orjson.JSONDecodeError:
        return (("", text),) if text else ()
    if not isinstance(told, dict):
        return (("", _value(told)),)
    pairs = ((_label(name), _value(value)) for name, value in told.items() if name not in _NOT_SHOWN)
    return tuple((label, value) for label, value in pairs if value)[:_FIELDS_AT_MOST]


def _label(name: str) -> str:
    built = _BUILT_FIELD.match(name)
    return (name if built is None else built[1]).replace("_", " ").strip().capitalize()


def _value(value: Any, depth: int = 0) -> str:
    if depth > _DEPTH:
        return "…"
    match value:
        case str():
            return _BUILT_OPTION.sub("", value)
        case list():
            return ", ".join(filter(None, (_value(one, depth + 1) for one in value[:_FIELDS_AT_MOST])))
        case dict():
            pairs = list(value.items())[:_FIELDS_AT_MOST]
            return ", ".join(f"{_label(str(name))}: {_value(one, depth + 1)}" for name, one in pairs)
        case None:
            return ""
        case _:
            return orjson.dumps(value).decode()
