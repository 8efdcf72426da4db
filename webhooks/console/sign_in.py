"""Signing in and out, links that set a password, the second factor, and where somebody is signed in."""

import base64
import binascii
import math
import secrets
from typing import Any, Final

import jinja2
import segno
import structlog
from markupsafe import Markup
from quart import Blueprint, Response, request

from bot.domain import totp
from bot.engine.account_links import LONGEST_LINK, LinkPurpose
from bot.engine.accounts import (
    LONGEST_PASSWORD,
    SHORTEST_PASSWORD,
    LinkSpent,
    NotSignedIn,
    PasswordRefused,
    PasswordWeakness,
    SignInRefusal,
)
from webhooks.console import words
from webhooks.console.guard import PREFIX, SIGN_IN, csrf_token, for_strangers, is_console, may, signed_in
from webhooks.console.rendering import language_here
from webhooks.console.static_files import StaticFiles
from webhooks.edge.problems import RequestRefused, problem
from webhooks.edge.sessions import SessionReader, stranger

log = structlog.get_logger(__name__)

HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    # a link that sets a password stands in the address: it is told to nobody
    "Referrer-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
}


class SignInPages:
    """The pages around an account."""

    def __init__(self, reader: SessionReader, business: str, files: StaticFiles) -> None:
        self._reader = reader
        self._accounts = reader.accounts
        self._business = business
        self._templates = jinja2.Environment(
            loader=jinja2.PackageLoader("webhooks.console"), autoescape=True, undefined=jinja2.StrictUndefined
        )
        self._templates.globals["file"] = files.path

    def add_to(self, routes: Blueprint) -> None:
        """Put the routes on the console's blueprint."""
        for path, view, method in (
            ("/sign-in", self.get_sign_in, "GET"),
            ("/sign-in", self.post_sign_in, "POST"),
            ("/sign-out", self.post_sign_out, "POST"),
            ("/invite/<signed>", self.get_invite, "GET"),
            ("/invite/<signed>", self.post_invite, "POST"),
            ("/reset/<signed>", self.get_reset, "GET"),
            ("/reset/<signed>", self.post_reset, "POST"),
            ("/account", self.get_account, "GET"),
            ("/account/sessions/<session>/end", self.post_end_session, "POST"),
            ("/totp", self.get_totp, "GET"),
            ("/totp", self.post_totp, "POST"),
            ("/totp/off", self.post_totp_off, "POST"),
        ):
            routes.add_url_rule(path, view.__name__, view, methods=[method])

    @for_strangers
    async def get_sign_in(self) -> Response:
        """The page; who is signed in has no use for it."""
        place = _place(request.args.get("next", ""))
        if await self._reader.signed_in(request) is not None:
            return _to(place)
        return self._page("sign_in.html", next=place, email="", problem=None)

    @for_strangers
    async def post_sign_in(self) -> Response:
        """The first step, or the second one with a code. The same answer whether there is such an account or not."""
        form = await _form()
        where, now, place = stranger(request), self._reader.now(), _place(form.get("next", ""))
        ticket, email = form.get("ticket", "")[:LONGEST_LINK], form.get("email", "")[:254]
        try:
            if ticket:
                who, token = await self._accounts.sign_in_with_code(ticket, form.get("code", "")[:40], where, now)
            else:
                who, token = await self._accounts.sign_in(email, form.get("password", ""), where, now)
        except NotSignedIn as refused:
            log.info("sign_in_refused", why=refused.why.value, address=where.shown)
            return self._not_yet(refused, place, email)
        log.info("signed_in", user=who.id, address=where.shown)
        response = _to(place)
        self._reader.let_in(response, token)
        return response

    def _not_yet(self, refused: NotSignedIn, place: str, email: str) -> Response:
        match refused.why:
            case SignInRefusal.CODE_NEEDED:
                return self._page("sign_in_code.html", next=place, ticket=refused.ticket, problem=None)
            case SignInRefusal.CODE_WRONG:
                return self._page(
                    "sign_in_code.html", 401, next=place, ticket=refused.ticket, problem=_say("door.code_wrong")
                )
            case SignInRefusal.WRONG:
                return self._page("sign_in.html", 401, next=place, email=email, problem=_say("door.wrong"))
            case SignInRefusal.TOO_MANY:
                left = 0.0 if refused.until is None else (refused.until - self._reader.now()).total_seconds()
                seconds = max(1, math.ceil(left))
                told = _say("door.too_many", seconds=seconds)
                response = self._page("sign_in.html", 429, next=place, email=email, problem=told)
                response.headers["Retry-After"] = str(seconds)
                return response

    @may()
    async def post_sign_out(self) -> Response:
        """This session is over."""
        token = self._reader.token_of(request)
        if token is not None:
            await self._accounts.sign_out(token, self._reader.now())
        response = _to(SIGN_IN)
        self._reader.forget(response)
        return response

    @for_strangers
    async def get_invite(self, signed: str) -> Response:
        """The page that sets the first password."""
        return await self._set_password_page(signed, LinkPurpose.INVITE)

    @for_strangers
    async def post_invite(self, signed: str) -> Response:
        """Set it; the link is good for nothing afterwards."""
        return await self._set_password(signed, LinkPurpose.INVITE)

    @for_strangers
    async def get_reset(self, signed: str) -> Response:
        """The page that sets another password."""
        return await self._set_password_page(signed, LinkPurpose.RESET)

    @for_strangers
    async def post_reset(self, signed: str) -> Response:
        """Set it; every session of before is over."""
        return await self._set_password(signed, LinkPurpose.RESET)

    async def _set_password_page(self, signed: str, purpose: LinkPurpose) -> Response:
        # only looked at: what fetches a link for a preview must not use it up
        if not await self._accounts.is_open(signed, purpose, self._reader.now()):
            return self._spent()
        return self._asking_for_password(purpose, None)

    async def _set_password(self, signed: str, purpose: LinkPurpose) -> Response:
        form, now = await _form(), self._reader.now()
        password = form.get("password", "")
        if password != form.get("again", ""):
            is_open = await self._accounts.is_open(signed, purpose, now)
            return self._asking_for_password(purpose, _say("door.differ")) if is_open else self._spent()
        try:
            user = await self._accounts.set_password(signed, purpose, password, now)
        except LinkSpent:
            return self._spent()
        except PasswordRefused as refused:
            return self._asking_for_password(purpose, _weak(refused.why))
        log.info("password_set", user=user.id, by=purpose.value)
        return self._notice("door.set.done", "door.set.done_next")

    def _asking_for_password(self, purpose: LinkPurpose, told: str | None) -> Response:
        facts = {"shortest": SHORTEST_PASSWORD, "longest": LONGEST_PASSWORD, "purpose": purpose.value}
        return self._page("set_password.html", 200 if told is None else 422, problem=told, **facts)

    def _spent(self) -> Response:
        return self._notice("door.spent.title", "door.spent.says", 410)

    @may()
    async def get_account(self) -> Response:
        """Who they are, and where they are signed in."""
        return await self._account(None)

    async def _account(self, told: str | None) -> Response:
        who = signed_in()
        sessions = await self._accounts.sessions.of(who.id, self._reader.now())
        status = 200 if told is None else 422
        return self._page("account.html", status, person=who, sessions=sessions, csrf=who.csrf, problem=told)

    @may()
    async def post_end_session(self, session: str) -> Response:
        """End one of their own; another user's is as unknown as one that never was."""
        who, now = signed_in(), self._reader.now()
        found = await self._accounts.sessions.find(session)
        if found is None or found.user != who.id:
            raise RequestRefused(problem(404, "no-such-session", "You have no such session."))
        await self._accounts.sessions.revoke(session, now)
        return _to(f"{PREFIX}/account")

    @may()
    async def get_totp(self) -> Response:
        """A secret of its own each time, shown as a square and as letters."""
        if signed_in().user.has_totp:
            return _to(f"{PREFIX}/account")
        return self._totp_page(secrets.token_bytes(totp.SECRET_BYTES), None)

    @may()
    async def post_totp(self) -> Response:
        """Turn it on, with a code that proves that the app has the secret."""
        form, who = await _form(), signed_in()
        try:
            secret = base64.b32decode(form.get("secret", ""))
        except (binascii.Error, ValueError):
            secret = b""
        if len(secret) != totp.SECRET_BYTES:
            raise RequestRefused(problem(400, "bad-secret", "Open the page again: its secret was not sent whole."))
        codes = await self._accounts.set_up_totp(who.user, secret, form.get("code", "")[:12], self._reader.now())
        if codes is None:
            return self._totp_page(secret, _say("door.code_wrong"))
        log.info("second_factor_set", user=who.id)
        return self._page("recovery_codes.html", codes=codes)

    def _totp_page(self, secret: bytes, told: str | None) -> Response:
        who = signed_in()
        uri = totp.provisioning_uri(secret, who.user.email, self._business)
        square = Markup(segno.make(uri, error="m", micro=False).svg_inline(scale=5, border=4))  # noqa: S704
        facts = {"secret": totp.as_base32(secret), "square": square, "csrf": csrf_token(), "problem": told}
        return self._page("totp.html", 200 if told is None else 422, **facts)

    @may()
    async def post_totp_off(self) -> Response:
        """Turn it off, for who knows the password: a page that was left open is not enough."""
        form, who = await _form(), signed_in()
        if not await self._accounts.drop_totp(who.user, form.get("password", ""), self._reader.now()):
            return await self._account(_say("account.factor.refused"))
        log.info("second_factor_off", user=who.id)
        return _to(f"{PREFIX}/account")

    def _notice(self, heading: str, text: str, status: int = 200) -> Response:
        """What there is to say, by its keys, and the way to sign in."""
        return self._page("notice.html", status, heading=_say(heading), text=_say(text), address=SIGN_IN)

    def _page(self, template: str, status: int = 200, **facts: Any) -> Response:
        known = {"business": self._business, "language": language_here(), "t": _say}
        body = self._templates.get_template(template).render({**known, **facts})
        response = Response(body, status, content_type="text/html; charset=utf-8")
        response.headers.update(HEADERS)
        response.headers["Vary"] = "Accept-Language, Cookie"
        return response


def _say(key: str, **fields: str | int) -> str:
    return words.say(key, language_here(), **fields)


def _weak(why: PasswordWeakness) -> str:
    match why:
        case PasswordWeakness.SHORT:
            return _say("door.weak.short", shortest=SHORTEST_PASSWORD)
        case PasswordWeakness.LONG:
            return _say("door.weak.long", longest=LONGEST_PASSWORD)
        case PasswordWeakness.GUESSED:
            return _say("door.weak.guessed")


async def _form() -> dict[str, str]:
    """The fields of a form of ours."""
    return {name: value for name, value in (await request.form).items() if "\x00" not in value}


def _to(place: str) -> Response:
    return Response(status=303, headers={"Location": place})


def _place(given: str) -> str:
    """Where to go on: a page of ours, whatever a link says."""
    is_ours = is_console(given.partition("?")[0]) and not any(sign in given for sign in ("\\", "//", "\r", "\n"))
    return given if is_ours and len(given) < 1000 and not given.startswith(SIGN_IN) else PREFIX
