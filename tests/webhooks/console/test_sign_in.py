"""Signing in through the doors: the cookie, the pages, what is refused and what is never told."""

import base64
import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import httpx
import pytest

from bot.domain import totp
from bot.domain.users import Role
from bot.engine.account_links import LinkPurpose
from bot.store import driver
from tests.journeys.world import World
from webhooks.edge.sessions import PLAIN_COOKIE

pytestmark = pytest.mark.mongo

EMAIL, PASSWORD = "ayu@example.com", "a sentence by the sea"


@pytest.fixture
async def browser(world: World) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody's browser, as far as a door can tell."""
    headers = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin"}
    async with httpx.AsyncClient(base_url=world.url, headers=headers, timeout=60) as client:
        yield client


async def asked_in(world: World, *roles: Role) -> str:
    """A user; the address of their link."""
    accounts = world.process.accounts
    _, link = await accounts.add(EMAIL, "Ayu", roles or (Role.SALES,), await server_now(world))
    return f"/console/invite/{link}"


async def server_now(world: World) -> datetime:
    """The time by which sessions and links are judged."""
    return await driver.server_now(world.process.database)


async def set_password(browser: httpx.AsyncClient, address: str, password: str = PASSWORD) -> httpx.Response:
    return await browser.post(address, data={"password": password, "again": password})


async def sign_in(browser: httpx.AsyncClient, password: str = PASSWORD, **more: str) -> httpx.Response:
    return await browser.post("/console/sign-in", data={"email": EMAIL, "password": password, **more})


def csrf(page: httpx.Response) -> str:
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', page.text)
    assert found, page.text
    return found[1]


async def test_from_the_invitation_to_signing_out(world: World, browser: httpx.AsyncClient) -> None:
    address = await asked_in(world)
    assert (await browser.get(address)).status_code == 200
    assert (await set_password(browser, address)).status_code == 200
    answer = await sign_in(browser, next="/console/account?x=1")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/console/account?x=1")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith(f"{PLAIN_COOKIE}=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    page = await browser.get("/console/account")
    assert page.status_code == 200
    assert "Ayu" in page.text
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    out = await browser.post("/console/sign-out", data={"csrf": csrf(page)})
    assert out.status_code == 303
    assert (await browser.get("/console/account")).headers["Location"] == "/console/sign-in?next=/console/account"


async def test_a_used_link_opens_nothing_and_a_weak_password_leaves_it_good(
    world: World, browser: httpx.AsyncClient
) -> None:
    address = await asked_in(world)
    assert (await set_password(browser, address, "short")).status_code == 422
    differing = await browser.post(address, data={"password": PASSWORD, "again": "something else"})
    assert differing.status_code == 422
    assert (await set_password(browser, address)).status_code == 200
    assert (await set_password(browser, address)).status_code == 410
    assert (await browser.get(address)).status_code == 410
    assert (await browser.get(address.replace("/invite/", "/reset/"))).status_code == 410


@pytest.mark.parametrize(("accepted", "language", "words"), [("id", "id", "Masuk"), ("vi", "vi", "Đăng nhập")])
async def test_who_is_not_known_yet_is_spoken_to_in_the_language_of_their_browser(
    world: World, browser: httpx.AsyncClient, accepted: str, language: str, words: str
) -> None:
    browser.headers["Accept-Language"] = accepted
    page = await browser.get("/console/sign-in")
    assert f'<html lang="{language}">' in page.text
    assert f"<h1>{words}</h1>" in page.text
    assert "Sign in" not in page.text
    refused = await sign_in(browser, "not the password")
    assert refused.status_code == 401
    assert "do not go together" not in refused.text


async def test_nobody_learns_from_an_answer_whether_there_is_such_an_account(
    world: World, browser: httpx.AsyncClient
) -> None:
    await set_password(browser, await asked_in(world))
    known = await sign_in(browser, "not the password")
    unknown = await browser.post("/console/sign-in", data={"email": "no@example.com", "password": "not the password"})
    assert known.status_code == unknown.status_code == 401
    assert known.text.replace(EMAIL, "") == unknown.text.replace("no@example.com", "")


async def test_too_many_tries_are_told_how_long_to_wait(world: World, browser: httpx.AsyncClient) -> None:
    await set_password(browser, await asked_in(world))
    answers = [await sign_in(browser, "not the password") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [401] * 5
    # each further try waits twice as long as the one before: a slow machine outlasts the first waits, and no later one
    for _ in range(10):
        answers.append(await sign_in(browser, "not the password"))
        if answers[-1].status_code == 429:
            break
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) >= 1


async def test_a_write_needs_the_token_of_this_session_and_a_page_of_ours(
    world: World, browser: httpx.AsyncClient
) -> None:
    await set_password(browser, await asked_in(world))
    await sign_in(browser)
    token = csrf(await browser.get("/console/account"))
    for sent in ({}, {"csrf": ""}, {"csrf": "0" * 64}, {"csrf": "é" * 10}):
        refused = await browser.post("/console/sign-out", data=sent)
        assert (refused.status_code, refused.json()["type"]) == (403, "urn:janji:problem:csrf")
    for site in ("cross-site", "same-site"):
        headers = {"Sec-Fetch-Site": site}
        refused = await browser.post("/console/sign-out", data={"csrf": token}, headers=headers)
        assert refused.json()["type"] == "urn:janji:problem:foreign-page"
        refused = await browser.post("/console/sign-in", data={"email": EMAIL, "password": PASSWORD}, headers=headers)
        assert refused.json()["type"] == "urn:janji:problem:foreign-page"
    del browser.headers["Sec-Fetch-Site"]
    for origin in ("null", "https://evil.example"):
        refused = await browser.post("/console/sign-out", data={"csrf": token}, headers={"Origin": origin})
        assert refused.json()["type"] == "urn:janji:problem:foreign-page"
    done = await browser.post("/console/sign-out", headers={"X-CSRF-Token": token, "Origin": world.url})
    assert done.status_code == 303


@pytest.mark.parametrize(
    "place", ["https://evil.example/", "//evil.example", "/console//evil.example", "/api/v1/leads", "/console\\x", ""]
)
async def test_signing_in_leads_to_a_page_of_ours_whatever_the_link_said(
    world: World, browser: httpx.AsyncClient, place: str
) -> None:
    await set_password(browser, await asked_in(world))
    assert (await sign_in(browser, next=place)).headers["Location"] == "/console"


async def test_a_session_revoked_in_the_middle_of_work_is_told_and_nothing_is_done(
    world: World, browser: httpx.AsyncClient
) -> None:
    await set_password(browser, await asked_in(world))
    await sign_in(browser)
    token = csrf(await browser.get("/console/account"))
    await world.process.accounts.revoke(EMAIL, await server_now(world))
    answer = await browser.post("/console/sign-out", data={"csrf": token})
    assert (answer.status_code, answer.json()["type"]) == (401, "urn:janji:problem:signed-out")
    assert (await browser.get("/console/account")).status_code == 303


async def test_of_two_sessions_one_is_ended_from_the_other_and_nobody_ends_a_strangers(
    world: World, browser: httpx.AsyncClient
) -> None:
    await set_password(browser, await asked_in(world))
    await sign_in(browser)
    async with httpx.AsyncClient(base_url=world.url, headers=browser.headers) as other:
        await sign_in(other)
        page = await other.get("/console/account")
        ended = re.findall(r"/console/account/sessions/([0-9a-f]{64})/end", page.text)
        assert len(ended) == 1
        unknown = await other.post(f"/console/account/sessions/{'0' * 64}/end", data={"csrf": csrf(page)})
        assert unknown.status_code == 404
        await other.post(f"/console/account/sessions/{ended[0]}/end", data={"csrf": csrf(page)})
    assert (await browser.get("/console/account")).status_code == 303


async def test_the_second_factor_from_the_square_to_the_recovery_code(world: World, browser: httpx.AsyncClient) -> None:
    await set_password(browser, await asked_in(world))
    await sign_in(browser)
    page = await browser.get("/console/totp")
    assert "<svg" in page.text
    found = re.search(r'name="secret" value="([A-Z2-7]{32})"', page.text)
    assert found
    secret = base64.b32decode(found[1])
    sent = {"csrf": csrf(page), "secret": found[1]}
    assert (await browser.post("/console/totp", data={**sent, "code": "000000"})).status_code == 422
    now = await server_now(world)
    codes = await browser.post("/console/totp", data={**sent, "code": totp.code_at(secret, totp.step_of(now))})
    recovery = re.findall(r"<code>([0-9a-f-]{19})</code>", codes.text)
    assert len(recovery) == totp.RECOVERY_CODES
    browser.cookies.clear()
    asked = await sign_in(browser)
    ticket = re.search(r'name="ticket" value="([^"]+)"', asked.text)
    assert (asked.status_code, PASSWORD in asked.text) == (200, False)
    assert ticket
    wrong = await browser.post("/console/sign-in", data={"ticket": ticket[1], "code": "000000"})
    assert wrong.status_code == 401
    done = await browser.post("/console/sign-in", data={"ticket": ticket[1], "code": recovery[0]})
    assert done.status_code == 303
    page = await browser.get("/console/account")
    off = await browser.post("/console/totp/off", data={"csrf": csrf(page), "password": "not the password"})
    assert off.status_code == 422
    off = await browser.post("/console/totp/off", data={"csrf": csrf(page), "password": PASSWORD})
    assert off.status_code == 303


async def test_hostile_fields_are_answered_and_break_nothing(world: World, browser: httpx.AsyncClient) -> None:
    await set_password(browser, await asked_in(world))
    for email in ("<script>alert(1)</script>", "\u202e@\u202e.x", "a" * 100_000, "\x00", "🙂"):
        answer = await browser.post("/console/sign-in", data={"email": email, "password": "p" * 100_000})
        assert answer.status_code in {401, 429}
        assert "<script>" not in answer.text
    big = await browser.post("/console/sign-in", data={"email": "a@b.cc", "password": "p" * 2_000_000})
    assert big.status_code == 413

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(10):
            yield b"email=" + b"x" * 1000

    unsized = await browser.post(
        "/console/sign-in", content=endless(), headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert unsized.status_code == 411
    no = await browser.get(f"/console/invite/{'x' * 3000}")
    assert no.status_code == 410
    browser.cookies.set(PLAIN_COOKIE, "x" * 150)
    assert (await browser.get("/console/account")).status_code == 303


async def test_links_and_sessions_of_the_future_are_made_by_the_clock_of_the_database(world: World) -> None:
    now = await server_now(world)
    _, link = await world.process.accounts.add("old@example.com", "", (Role.SALES,), now - timedelta(days=4))
    assert not await world.process.accounts.is_open(link, LinkPurpose.INVITE, now)
