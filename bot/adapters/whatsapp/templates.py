"""Notices as Meta's message templates: the components to be approved, and what would keep them from it.

reference: whatsapp 3.2 (sizes, URL button)
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from bot.domain import message_limits as limits
from bot.domain import template_text
from bot.domain.template_standing import wanted_category
from bot.replies.notices import SAMPLES, Notice

Json = dict[str, Any]

PAY_PATH: Final = "/pay/"
"""The path of ours that a template's link button opens: it leads on to the newest payment link."""
_NAME: Final = re.compile(r"[a-z0-9_]{1,512}")


def definition(notice: Notice, language: str, link_base: str) -> Json:
    """The body of the call that asks for approval; `link_base` is our public address without a slash at its end."""
    body: Json = {"type": "BODY", "text": notice.numbered(language)}
    if notice.fields(language):
        body["example"] = {"body_text": [[SAMPLES[name] for name in notice.fields(language)]]}
    components = [body]
    if notice.button is not None:
        label = notice.button[language]
        address = f"{link_base}{PAY_PATH}"
        sample = f"{address}{SAMPLES['reference']}.64f0a1b2c3d4e5f6a7b8c9d0"
        components.append(
            {
                "type": "BUTTONS",
                "buttons": [{"type": "URL", "text": label, "url": address + "{{1}}", "example": [sample]}],
            }
        )
    if notice.replies:
        # what comes back from each is given when it is sent
        replies = [{"type": "QUICK_REPLY", "text": label[language]} for label in notice.replies]
        components.append({"type": "BUTTONS", "buttons": replies})
    return {
        "name": notice.name,
        "language": language,
        "category": wanted_category(notice.name),
        "components": components,
    }


def words_of(components: object) -> tuple[str, ...]:
    """What a customer sees of these components, to tell whether what is approved is what we would send."""
    parts = [part for part in components if isinstance(part, dict)] if isinstance(components, list) else []
    seen = [str(part.get("text", "")) for part in parts if part.get("type") == "BODY"]
    for part in parts:
        buttons = part.get("buttons") if part.get("type") == "BUTTONS" else None
        for button in buttons if isinstance(buttons, list) else []:
            seen += [str(button.get("text", "")), str(button.get("url", ""))]
    return tuple(seen)


def problems(notice: Notice, language: str) -> Iterator[str]:
    """Everything Meta would turn down, with its remedy."""
    if not _NAME.fullmatch(notice.name):
        yield "the name has small letters, digits and underscores only; rename it"
    for what, fix in template_text.problems(notice.words[language]):
        yield f"{what}; {fix}"
    unknown = [name for name in notice.fields(language) if name not in SAMPLES]
    if unknown:
        yield f"no example is known for {', '.join(unknown)}; add one to SAMPLES"
    labels = [label[language] for label in (*filter(None, (notice.button,)), *notice.replies)]
    if any(len(label) > limits.TEMPLATE_BUTTON for label in labels):
        yield f"a button has more than {limits.TEMPLATE_BUTTON} characters; say it shorter"
    if len(set(labels)) != len(labels):
        yield "two buttons read alike; name them apart"
    if len(labels) > limits.TEMPLATE_BUTTONS:
        yield f"there are more than {limits.TEMPLATE_BUTTONS} buttons; leave some out"
    if notice.button is not None and notice.replies:
        yield "a link button stands with quick replies; leave one of them out"
