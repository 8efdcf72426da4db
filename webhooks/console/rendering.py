"""Templates into answers: one page with its frame, or a fragment of it for htmx; and what a browser may do with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import jinja2
from markupsafe import Markup
from quart import Response, request

from bot.domain.foreign_text import clean
from webhooks.console import words
from webhooks.console.guard import csrf_token, signed_in, who_asks
from webhooks.console.marks import marked
from webhooks.console.pages import PageLink
from webhooks.console.static_files import StaticFiles

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Nothing from elsewhere, and nothing that stands in a page itself: no script, no style, no handler in an attribute."""
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    # with `no-referrer` a browser would send a form of ours with `Origin: null`
    "Referrer-Policy": "same-origin",
}


def environment() -> jinja2.Environment:
    """What every template is read with: everything that is filled in is escaped, and nothing that is missing is
    empty."""
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("webhooks.console"),
        autoescape=True,
        finalize=_without_marks,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters["marked"] = marked
    return made


def _without_marks(value: Any) -> Any:
    """What is filled in, without what makes words lie about their order, whoever wrote it: a title that came through
    the API stands in a page among ours."""
    return clean(value, len(value)) if isinstance(value, str) and not isinstance(value, Markup) else value


@dataclass(slots=True)
class Renderer:
    """Makes the console's answers."""

    files: StaticFiles
    links: Sequence[PageLink]
    business: str
    """Whose console it is."""
    timezone: str
    templates: jinja2.Environment = field(default_factory=environment)

    def page(self, template: str, link: PageLink, status: int = 200, **facts: Any) -> Response:
        """A whole page with rail and frame, or its `#page` alone where htmx asks for a part of it."""
        person = signed_in()
        shown = [each for each in self.links if person.may(each.act)]
        frame = {"here": link, "links": shown, "is_whole": not is_partial()}
        return self._answer(template, status, frame | facts)

    def fragment(self, template: str, status: int = 200, **facts: Any) -> Response:
        """A part of a page."""
        return self._answer(template, status, facts)

    def text(self, template: str, **facts: Any) -> str:
        """The same as words, for who puts several together."""
        return self.templates.get_template(template).render({**self._known(), **facts})

    def _known(self) -> Mapping[str, Any]:
        person, language = signed_in(), language_here()
        return {
            "person": person,
            "language": language,
            "business": self.business,
            "timezone": self.timezone,
            "csrf": csrf_token(),
            "file": self.files.path,
            "t": lambda key, **fields: words.say(key, language, **fields),
            "knows": words.has,
        }

    def _answer(self, template: str, status: int, facts: Mapping[str, Any]) -> Response:
        body = self.templates.get_template(template).render({**self._known(), **facts})
        response = Response(body, status, content_type="text/html; charset=utf-8")
        response.headers.update(HEADERS)
        # the same address answers a page and a part of it
        response.headers["Vary"] = "HX-Request, Accept-Language, Cookie"
        return response


def is_partial() -> bool:
    """Whether htmx asks for a part of a page, and not for another one."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Request-Type") == "partial"


def language_here() -> str:
    """The language of who asks, a stranger too."""
    known = who_asks()
    return words.language_of(None if known is None else known.language, request.headers.get("Accept-Language", ""))
