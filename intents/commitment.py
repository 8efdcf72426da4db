"""The gate of commitment: whether words say yes, so plainly that something may be booked, cancelled, paid or ended.

A yes is a *closed* sentence: every word of it stands in a list (`wordlists/commitment_*.txt`) as a yes, an order to do
the very thing that was asked, thanks or a small word. One word beyond the lists takes it back, and so do a question
mark, a wait, a "but", an "already", quotes, dots that trail off and "ok" with nothing but thanks. Nobody loses by a
yes that is asked for once more; who is booked against a no does.

Vietnamese is compared with its marks whenever the text has any: đúng is yes and đừng is don't. Without them only
phrases count in which nothing but a yes makes sense.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from intents import language as languages
from intents import wordlists
from intents.dates.tokens import fold
from intents.dates.values import Language

_LONGEST: Final = 120
_MOST_WORDS: Final = 14


class CommitmentKind(StrEnum):
    """What is being agreed to; an order to do another of them is no yes."""

    BOOK = "book"
    CANCEL = "cancel"
    PAY = "pay"
    REFUND = "refund"
    CHANGE = "change"
    OPT_OUT = "opt_out"


class CommitmentVerdict(StrEnum):
    """What words are worth as an answer to "may I?"."""

    YES = "yes"
    NO = "no"
    WAIT = "wait"
    UNCLEAR = "unclear"
    """None of the others: ask again, by a button where it can be had."""
    ASK_TO_OPT_OUT = "ask_to_opt_out"
    """Perhaps a wish not to be written to (only for `CommitmentKind.OPT_OUT`): a button asks."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict, and whether the words say that and nothing else."""

    verdict: CommitmentVerdict
    is_whole: bool = False
    is_bare: bool = False
    """Whether it is a no with nothing but small words."""


def commitment(text: str, language: Language | None, kind: CommitmentKind = CommitmentKind.BOOK) -> CommitmentVerdict:
    """What these words are worth as an answer to "may I?" in a conversation of that language."""
    return judged(text, language, kind).verdict


def judged(text: str, language: Language | None, kind: CommitmentKind = CommitmentKind.BOOK) -> Judgement:
    """See `commitment`; with it, whether every word was known."""
    if kind is CommitmentKind.OPT_OUT:
        return Judgement(_opting_out(text), is_whole=True)
    found = [_unless_done(_by_table(text, table, kind), text, table) for table in _tables(text, language)]
    if language is None and any(each.verdict in {CommitmentVerdict.NO, CommitmentVerdict.WAIT} for each in found):
        # Not knowing the language, "k" is yes in English and no in Vietnamese: the no wins.
        return next(each for each in found if each.verdict in {CommitmentVerdict.NO, CommitmentVerdict.WAIT})
    return next(
        (each for each in found if each.verdict is not CommitmentVerdict.UNCLEAR), Judgement(CommitmentVerdict.UNCLEAR)
    )


_TABLES: Final = {Language.EN: ("en", "id"), Language.ID: ("id", "en"), Language.VI: ("vi_plain", "en")}


def _tables(text: str, language: Language | None) -> tuple[str, ...]:
    """The lists to compare with, the conversation's own first; Vietnamese without marks only where it is spoken."""
    if has_vietnamese_marks(text):
        return ("vi",)
    if language is None:
        detected = languages.detect(text)
        return ("en", "id", "vi_plain") if detected is None else _TABLES[detected]
    return _TABLES[language]


_MARKS: Final = frozenset("ăâđêôơưàằầèềìòồờùừỳáắấéếíóốớúứýảẳẩẻểỉỏổởủửỷãẵẫẽễĩõỗỡũữỹạặậẹệịọộợụựỵ")


def has_vietnamese_marks(text: str) -> bool:
    """Whether any letter is typed with a mark, so that a missing one means something."""
    return not text.isascii() and not _MARKS.isdisjoint(unicodedata.normalize("NFC", text.lower()))


_ORDERS: Final = ("book", "cancel", "pay", "refund", "change")
_ECHO_OR_THANKS: Final = frozenset({"echo", "thanks"})
"""Next to them "ok" and "great" are courtesy or praise: "ok thanks", "great place"."""
_OPENS_A_QUESTION: Final = frozenset(["is", "are", "am", "can", "will", "would", "be", "have", "well"])
"""Typed without its mark: "is my booking confirmed"."""
_BARE_NO: Final = frozenset({"no", "filler", "thanks", "weak", "lead"})
_NOT_AFTER_ALL: Final = re.compile(r"jadi\b")
_GOES_WITH_AN_ORDER: Final = frozenset({"yes", "weak", "thanks"})
_TAKES_BACK: Final = frozenset({"but", "veto"})


@dataclass(frozen=True, slots=True)
class _Table:
    phrases: dict[str, str]
    """Each phrase with its class."""
    longest: int
    exact: frozenset[str]
    lead: frozenset[str]
    """Yes only at the beginning: "ya makasih", never "makasih ya"."""
    particles: frozenset[str]


@cache
def _table(name: str) -> _Table:
    lists = wordlists.read(f"commitment_{name}")
    phrases: dict[str, str] = {}
    for head in ("filler", "echo", "thanks", "weak", "joins", *_ORDERS, "yes", "no", "wait", "but", "veto"):
        # A phrase that stands in two classes is taken by the one that is safer to believe, which comes later.
        phrases |= dict.fromkeys(lists.get(head, ()), head)
    return _Table(
        phrases,
        max(phrase.count(" ") + 1 for phrase in phrases),
        frozenset(lists.get("exact", ())),
        frozenset(lists.get("lead", ())),
        frozenset(lists["filler"]),
    )


_TAKEN_BACK_BY_SIGN: Final = re.compile(r"[?？\"“”„«»]|\.{3,}|…|🙄|😒|😑|🤔|😂|🤣|😅|😬|🤷|😏|😡|😠|🤨|\d(?!\d*\s?%)")
_NOT_WORDS: Final = re.compile(r"[^\w\s👍👌✅💯☑✔👎❌🚫✖🙏🙂😊😀😃😄☺❤🥰😍🎉💪🤗😁]+")
_EMOJI: Final = re.compile(r"([👍👌✅💯☑✔👎❌🚫✖🙏🙂😊😀😃😄☺❤🥰😍🎉💪🤗😁])\1*")
_SKIN_AND_VARIATION: Final = re.compile("[\U0001f3fb-\U0001f3ff\ufe0f\u200d]")
_A_HUNDRED: Final = re.compile(r"\b100\s?%")
_APOSTROPHE: Final = re.compile(r"(?<=\w)['’‘`](?=\w)")
_STRETCHED: Final = re.compile(r"(.)\1{2,}")
_DOUBLED: Final = re.compile(r"(.)\1+")
_VOWELS: Final = (("oa", "àáảãạ"), ("oe", "èéẻẽẹ"), ("uy", "ỳýỷỹỵ"))
_TONES: Final = {
    f"{pair[0]}{marked}": unicodedata.normalize("NFC", f"{pair[0]}{unicodedata.normalize('NFD', marked)[1:]}{pair[1]}")
    for pair, vowels in _VOWELS
    for marked in vowels
}
"""Both ways to place a tone: huỷ is hủy."""


def _words(text: str, name: str) -> list[str]:
    lowered = unicodedata.normalize("NFC", text.lower())
    lowered = _A_HUNDRED.sub(" 💯 ", _SKIN_AND_VARIATION.sub("", lowered))
    lowered = _EMOJI.sub(r" \1 ", _APOSTROPHE.sub("", lowered))
    if name == "vi":
        # Both spellings of a tone are in use (huỷ, hủy); the lists have one.
        for new, old in _TONES.items():
            lowered = re.sub(rf"{new}(?!\w)", old, lowered)
    else:
        lowered = fold(lowered)
    lowered = _STRETCHED.sub(r"\1", _NOT_WORDS.sub(" ", lowered))
    return lowered.replace("_", " ").split()


def _by_table(text: str, name: str, kind: CommitmentKind) -> Judgement:
    table = _table(name)
    words = _words(text, name)
    if not words:
        return Judgement(CommitmentVerdict.UNCLEAR)
    classes, unknown = _covered(words, table)
    # A long message that happens to hold only known words is a story, and no answer.
    is_short = len(words) <= _MOST_WORDS and len(text) <= _LONGEST
    taken_back = not is_short or _TAKEN_BACK_BY_SIGN.search(text) is not None
    is_whole = not unknown and not taken_back
    own, others = kind.value, frozenset(_ORDERS) - {kind.value}
    # A polite word may stand next to an exact yes, but not in Vietnamese without marks: there it can turn the meaning.
    without = " ".join(word for word in words if word not in table.particles)
    is_exact = " ".join(words) in table.exact or (name != "vi_plain" and without in table.exact)
    if is_exact and not taken_back and "veto" not in classes:
        return Judgement(CommitmentVerdict.YES, is_whole=True)
    if "wait" in classes:
        return Judgement(CommitmentVerdict.WAIT, is_whole=is_whole and "yes" not in classes)
    if "no" in classes:
        # "Yes ... no" may take the yes back or say no to something else: it is asked again, not guessed.
        says_yes_first = any(each in {"yes", "lead", own} for each in classes[: classes.index("no")])
        says_both = says_yes_first or "yes" in classes
        is_bare = is_whole and set(classes) <= _BARE_NO and not _NOT_AFTER_ALL.search(" ".join(words))
        return Judgement(
            CommitmentVerdict.UNCLEAR if says_both else CommitmentVerdict.NO, is_whole and not says_both, is_bare
        )
    # Many type a question without its mark; "we'll take it" opens with an order, and is none.
    if name == "en" and words[0] in _OPENS_A_QUESTION and classes[0] not in {"yes", own}:
        return Judgement(CommitmentVerdict.UNCLEAR)
    if not is_whole or not _TAKES_BACK.isdisjoint(classes) or not others.isdisjoint(classes):
        return Judgement(CommitmentVerdict.UNCLEAR)
    # "dat nhe" without its marks may be "dear, isn't it": next to a yes or thanks it is the order to book
    if kind is CommitmentKind.BOOK and "joins" in classes and not _GOES_WITH_AN_ORDER.isdisjoint(classes):
        return Judgement(CommitmentVerdict.YES, is_whole=True)
    if "yes" in classes or "lead" in classes or own in classes:
        return Judgement(CommitmentVerdict.YES, is_whole=True)
    if "weak" in classes and _ECHO_OR_THANKS.isdisjoint(classes):
        return Judgement(CommitmentVerdict.YES, is_whole=True)
    return Judgement(CommitmentVerdict.UNCLEAR)


def _unless_done(judgement: Judgement, text: str, name: str) -> Judgement:
    """A yes that may say as well that the thing was done before, is none: "ya sudah dipesan", "đặt luôn rồi"."""
    if judgement.verdict is CommitmentVerdict.YES and _done_already(name).search(" ".join(_words(text, name))):
        return Judgement(CommitmentVerdict.UNCLEAR)
    return judgement


@cache
def _done_already(name: str) -> re.Pattern[str]:
    return wordlists.pattern("done_already", name)


def _covered(words: list[str], table: _Table) -> tuple[list[str], bool]:
    """The classes of the longest known phrases from left to right, and whether a word was in none."""
    classes: list[str] = []
    unknown = False
    i = 0
    while i < len(words):
        # The longest phrase wins: "not yet" must not be read as "not" and an unknown word.
        for n in range(min(table.longest, len(words) - i), 0, -1):
            found = table.phrases.get(" ".join(words[i : i + n]))
            if found is None and n == 1:
                # "yess", "okk": a letter held too long.
                found = table.phrases.get(_DOUBLED.sub(r"\1", words[i]))
            if found is not None:
                opens = all(each in {"weak", "filler"} for each in classes) and "filler" not in classes[-1:]
                is_lead = found == "filler" and words[i] in table.lead and (i == 0 or (opens and len(words) == i + 1))
                classes.append("lead" if is_lead else found)
                i += n
                break
        else:
            unknown = True
            i += 1
    return classes, unknown


def _opting_out(text: str) -> CommitmentVerdict:
    """Yes for the bare word or a clear wish not to be written to, and nothing else; else a button asks."""
    lists = wordlists.read("opt_out")
    words = _words(text, "plain")
    whole = " ".join(words)
    if not _INVITES.isdisjoint(words):
        return CommitmentVerdict.UNCLEAR
    if len(text) <= _LONGEST and whole in lists["bare"]:
        return CommitmentVerdict.YES
    marked = has_vietnamese_marks(text)
    typed = _words(text, "vi")
    # With marks "nhé" or "ạ" are small words; without them the same letters may be something else.
    if marked and " ".join(_SMALL_WORDS.sub(" ", " ".join(typed)).split()) in lists["marked_whole"]:
        return CommitmentVerdict.YES
    found = _any_of("marked_stop" if marked else "stop").search(" ".join(typed) if marked else whole)
    stop = None if found is None else found[0]
    if stop is None:
        return CommitmentVerdict.UNCLEAR
    # "Stop the promos" may mean some messages or all: the customer says which, by a button.
    if _any_of("topic").search(whole) and "message" not in _opt_out_classes(words, fold(stop)):
        return CommitmentVerdict.ASK_TO_OPT_OUT
    classes = _opt_out_classes(words, fold(stop) if marked else stop)
    if "message" not in classes:
        return CommitmentVerdict.UNCLEAR
    is_clear = None not in classes and "?" not in text and len(text) <= _LONGEST and not re.search(r"\d", text)
    return CommitmentVerdict.YES if is_clear else CommitmentVerdict.ASK_TO_OPT_OUT


def speaks_of_messages(text: str) -> bool:
    """Whether the messages we send, or a list they go to, are spoken of at all."""
    words = _words(text, "plain")
    if not _INVITES.isdisjoint(words):
        return False
    return _any_of("topic", "message").search(" ".join(words)) is not None


_INVITES: Final = frozenset(
    ["forget", "hesitate", "worry", "lupa", "ragu", "sungkan", "khawatir", "quen", "ngai", "lo"]
)
"""After a "don't" they ask to be written to: "don't forget to text me"."""
_SMALL_WORDS: Final = re.compile(r"\b(?:nhé|nha|ạ|đi|làm ơn|giùm|shop)\b")


@cache
def _any_of(*heads: str) -> re.Pattern[str]:
    """Any phrase of these classes as whole words, the longest first."""
    lists = wordlists.read("opt_out")
    # A pattern takes the first alternative that fits, so the longer phrase must stand first.
    phrases = sorted((phrase for head in heads for phrase in lists[head]), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, phrases))})(?!\w)")


@cache
def _opt_out_table() -> tuple[dict[str, str], int]:
    lists = wordlists.read("opt_out")
    phrases: dict[str, str] = {}
    for head in ("filler", "message"):
        phrases |= dict.fromkeys(lists[head], head)
    return phrases, max(phrase.count(" ") + 1 for phrase in phrases)


def _opt_out_classes(words: list[str], stop: str) -> list[str | None]:
    phrases, longest = _opt_out_table()
    # Only the first "stop" is taken out: a second one is a word like any other.
    rest = f" {' '.join(words)} ".replace(f" {stop} ", " ", 1).split()
    classes: list[str | None] = []
    i = 0
    while i < len(rest):
        for n in range(min(longest, len(rest) - i), 0, -1):
            found = phrases.get(" ".join(rest[i : i + n]))
            if found is not None:
                classes.append(found)
                i += n
                break
        else:
            classes.append(None)
            i += 1
    return classes
