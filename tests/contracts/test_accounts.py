"""Accounts: asked in by a link that is good once, signed in, slowed down, revoked at once; nothing of it readable."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta

import pytest
from argon2 import PasswordHasher

from bot.domain import totp
from bot.domain.users import Role
from bot.engine.account_links import LinkPurpose
from bot.engine.accounts import (
    FREE_TRIES,
    INVITE_FOR,
    Accounts,
    BadAccount,
    LinkSpent,
    NoSuchUser,
    NotSignedIn,
    PasswordRefused,
    SignedIn,
    SignInRefusal,
    Stranger,
)
from bot.store import driver
from bot.store.sign_in_tries import FORGOTTEN_AFTER, LONGEST_WAIT, SignInTries
from bot.store.user_sessions import IDLE, LONGEST, UserSessions
from bot.store.users import UserExists, Users
from tests.conftest import DRIVERS
from tests.contracts.makers import MINUTE, NOW, vault

pytestmark = [pytest.mark.mongo, pytest.mark.parametrize("database", DRIVERS, indirect=True)]

EMAIL, PASSWORD = "ayu@example.com", "a sentence by the sea"
HERE = Stranger("203.0.113.7", "203.0.113.*", "Firefox on Linux")
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""The real algorithm at a price tests can pay."""


def accounts(db: driver.Database, *keys: str) -> Accounts:
    return Accounts(Users(db, vault(db)), UserSessions(db), SignInTries(db), keys or ("k" * 40,), CHEAP)


async def invited(desk: Accounts, *roles: Role) -> None:
    """A user with a password."""
    _, link = await desk.add(EMAIL, "Ayu", roles or (Role.SALES,), NOW)
    await desk.set_password(link, LinkPurpose.INVITE, PASSWORD, NOW)


async def refused(desk: Accounts, password: str, at: datetime = NOW, email: str = EMAIL) -> SignInRefusal:
    with pytest.raises(NotSignedIn) as caught:
        await desk.sign_in(email, password, HERE, at)
    return caught.value.why


async def test_an_invited_person_sets_a_password_and_is_known_by_their_session(db: driver.Database) -> None:
    desk = accounts(db)
    await invited(desk, Role.SALES, Role.FINANCE)
    who, token = await desk.sign_in(" Ayu@Example.com", PASSWORD, HERE, NOW)
    assert (who.name, who.user.roles) == ("Ayu", (Role.SALES, Role.FINANCE))
    again = await desk.check(token, NOW)
    assert again is not None
    assert (again.id, again.session.address, again.csrf) == (who.id, "203.0.113.*", who.csrf)
    assert await desk.check(token[:-1], NOW) is None
    assert await desk.check(who.session.id, NOW) is None, "what is stored opens nothing"


async def test_nothing_of_a_person_stands_in_the_database_in_the_clear(db: driver.Database) -> None:
    desk = accounts(db)
    await invited(desk)
    _, token = await desk.sign_in(EMAIL, PASSWORD, HERE, NOW)
    user = (await desk.all())[0]
    await desk.set_up_totp(user, b"s" * 20, totp.code_at(b"s" * 20, totp.step_of(NOW)), NOW)
    for name in ("users", "user_sessions", "sign_in_tries"):
        for row in await db[name].find({}).to_list(None):
            text = repr(row)
            assert not any(word in text for word in (EMAIL, "Ayu", PASSWORD, token, "ssssssss")), name


async def test_one_address_is_one_user_also_for_two_who_add_it_at_once(db: driver.Database) -> None:
    desk = accounts(db)
    adding = (desk.add(EMAIL, "Ayu", (Role.SALES,), NOW) for _ in range(5))
    done = await asyncio.gather(*adding, return_exceptions=True)
    assert Counter(type(one) for one in done) == {tuple: 1, UserExists: 4}


@pytest.mark.parametrize("roles", [(), (Role.PROVIDER,), (Role.SALES, Role.PROVIDER)])
async def test_nobody_is_asked_in_without_a_role_that_signs_in(db: driver.Database, roles: tuple[Role, ...]) -> None:
    with pytest.raises(BadAccount):
        await accounts(db).add(EMAIL, "Ayu", roles, NOW)
    with pytest.raises(BadAccount):
        await accounts(db).add("no address", "Ayu", (Role.SALES,), NOW)


async def test_a_link_sets_one_password_of_two_who_use_it_at_once(db: driver.Database) -> None:
    desk = accounts(db)
    _, link = await desk.add(EMAIL, "Ayu", (Role.SALES,), NOW)
    assert await desk.is_open(link, LinkPurpose.INVITE, NOW)
    assert await desk.is_open(link, LinkPurpose.INVITE, NOW), "looking at it uses nothing up"
    taking = (desk.set_password(link, LinkPurpose.INVITE, f"{PASSWORD} {n}", NOW) for n in range(4))
    done = await asyncio.gather(*taking, return_exceptions=True)
    assert Counter(isinstance(one, LinkSpent) for one in done) == {True: 3, False: 1}
    with pytest.raises(LinkSpent):
        await desk.set_password(link, LinkPurpose.INVITE, PASSWORD, NOW)


async def test_a_link_ends_by_time_by_a_newer_one_and_is_for_one_purpose(db: driver.Database) -> None:
    desk = accounts(db)
    _, first = await desk.add(EMAIL, "Ayu", (Role.SALES,), NOW)
    assert not await desk.is_open(first, LinkPurpose.INVITE, NOW + INVITE_FOR)
    assert not await desk.is_open(first, LinkPurpose.RESET, NOW)
    assert not await desk.is_open(first[:-8] + "x" * 8, LinkPurpose.INVITE, NOW)
    assert not await accounts(db, "o" * 40).is_open(first, LinkPurpose.INVITE, NOW), "signed by nobody here"
    assert await accounts(db, "n" * 40, "k" * 40).is_open(first, LinkPurpose.INVITE, NOW), "signed by a former key"
    _, second = await desk.reset(EMAIL, NOW)
    assert not await desk.is_open(first, LinkPurpose.INVITE, NOW)
    assert await desk.is_open(second, LinkPurpose.INVITE, NOW), "who never had a password is still asked in"


@pytest.mark.parametrize("password", ["short", "a" * 40, EMAIL, "x" * 300])
async def test_a_weak_password_is_refused_and_the_link_is_still_good(db: driver.Database, password: str) -> None:
    desk = accounts(db)
    _, link = await desk.add(EMAIL, "Ayu", (Role.SALES,), NOW)
    with pytest.raises(PasswordRefused):
        await desk.set_password(link, LinkPurpose.INVITE, password, NOW)
    await desk.set_password(link, LinkPurpose.INVITE, PASSWORD, NOW)


async def test_a_reset_ends_every_session_and_the_old_password(db: driver.Database) -> None:
    desk = accounts(db)
    await invited(desk)
    _, token = await desk.sign_in(EMAIL, PASSWORD, HERE, NOW)
    _, link = await desk.reset(EMAIL, NOW)
    assert await desk.check(token, NOW) is not None, "until it is used"
    await desk.set_password(link, LinkPurpose.RESET, "another long sentence", NOW)
    assert await desk.check(token, NOW) is None
    assert await refused(desk, PASSWORD) is SignInRefusal.WRONG
    await desk.sign_in(EMAIL, "another long sentence", HERE, NOW)


async def test_who_is_revoked_is_out_at_once_and_back_only_from_the_start(db: driver.Database) -> None:
    desk = accounts(db)
    await invited(desk, Role.ADMIN)
    await desk.sign_in(EMAIL, PASSWORD, HERE, NOW)
    _, token = await desk.sign_in(EMAIL, PASSWORD, HERE, NOW)
    _, ended = await desk.revoke(EMAIL, NOW)
    assert ended == 2
    assert await desk.check(token, NOW) is None
    assert await refused(desk, PASSWORD) is SignInRefusal.WRONG
    with pytest.raises(NoSuchUser):
        await desk.reset(EMAIL, NOW)
    back, _ = await desk.add(EMAIL, "Ayu", (Role.SALES,), NOW + MINUTE)
    assert (back.roles, back.has_password, back.is_revoked) == ((Role.SALES,), False, False)
    assert len(await desk.all()) == 1
    assert await refused(desk, PASSWORD, NOW + MINUTE) is SignInRefusal.WRONG


async def test_a_role_that_is_lost_is_lost_on_the_next_request(db: driver.Database) -> None:
    desk = accounts(db)
    await invited(desk, Role.ADMIN)
    _, token = await desk.sign_in(EMAIL, PASSWORD, HERE, NOW)
    await desk.set_roles(EMAIL, (Role.FINANCE,))
    who = await desk.check(token, NOW)
    assert who is not None
    assert who.user.roles == (Role.FINANCE,)


async def test_a_session_ends_idle_and_in_the_end_and_is_written_as_seen_once_a_minute(db: driver.Database) -> None:
    desk = accounts(db)
    await invited(desk)
    who, token = await desk.sign_in(EMAIL, PASSWORD, HERE, NOW)
    seconds = MINUTE / 60
    await desk.check(token, NOW + 59 * seconds)
    assert (await desk.sessions.find(who.session.id)) == who.session
    await desk.check(token, NOW + MINUTE)
    seen = await desk.sessions.find(who.session.id)
    assert seen is not None
    assert seen.seen_at == NOW + MINUTE
    assert await desk.check(token, NOW + MINUTE + IDLE - seconds) is not None
    assert await desk.check(token, NOW + MINUTE + 2 * IDLE) is None
    at = NOW + MINUTE + IDLE
    while at < NOW + LONGEST:
        await desk.check(token, at)
        at += timedelta(hours=6)
    assert await desk.check(token, NOW + LONGEST - seconds) is not None
    assert await desk.check(token, NOW + LONGEST) is None


async def test_guesses_get_slower_for_an_account_that_is_and_one_that_is_not(db: driver.Database) -> None:
    desk = accounts(db)
    await invited(desk)
    for email in (EMAIL, "nobody@example.com"):
        seen = [await refused(desk, "wrong and long enough", NOW, email) for _ in range(FREE_TRIES + 2)]
        assert seen == [SignInRefusal.WRONG] * FREE_TRIES + [SignInRefusal.TOO_MANY] * 2
    assert await refused(desk, PASSWORD) is SignInRefusal.TOO_MANY, "the right one waits too"
    later = NOW
    for wait in (1, 2, 4, 8):
        later += timedelta(seconds=wait)
        assert await refused(desk, "wrong and long enough", later) is SignInRefusal.WRONG
        assert await refused(desk, "wrong and long enough", later) is SignInRefusal.TOO_MANY
    who, _ = await desk.sign_in(EMAIL, PASSWORD, HERE, later + LONGEST_WAIT)
    assert isinstance(who, SignedIn)
    assert await refused(desk, "wrong and long enough", later + LONGEST_WAIT) is SignInRefusal.WRONG


async def test_a_hundred_guesses_at_once_are_a_hundred_tries(db: driver.Database) -> None:
    desk = accounts(db)
    await invited(desk)
    seen = await asyncio.gather(*(refused(desk, f"guess number {n}") for n in range(40)))
    assert Counter(seen) == {SignInRefusal.WRONG: FREE_TRIES, SignInRefusal.TOO_MANY: 40 - FREE_TRIES}


async def test_tries_of_yesterday_count_for_nothing_and_no_wait_is_longer_than_said(db: driver.Database) -> None:
    tries = SignInTries(db)
    at = NOW
    for _ in range(30):
        until = await tries.count("account:1", 0, at)
        if until is not None:
            assert until - at <= LONGEST_WAIT
            at = until
    later = at + LONGEST_WAIT + FORGOTTEN_AFTER
    assert await tries.count("account:1", 2, later) is None
    assert await tries.count("account:1", 2, later) is None, "they began again"


async def test_the_second_factor_is_asked_for_after_the_password_and_each_code_opens_once(db: driver.Database) -> None:
    desk, secret = accounts(db), b"s" * 20
    await invited(desk)
    user = await desk.named(EMAIL)
    assert await desk.set_up_totp(user, secret, "000000", NOW) is None, "a code proves that the app has the secret"
    code = totp.code_at(secret, totp.step_of(NOW))
    codes = await desk.set_up_totp(user, secret, code, NOW)
    assert codes is not None
    assert len(set(codes)) == totp.RECOVERY_CODES
    assert await desk.set_up_totp(user, b"t" * 20, code, NOW) is None, "there is one already"
    assert await refused(desk, "wrong and long enough") is SignInRefusal.WRONG
    later = NOW + MINUTE
    with pytest.raises(NotSignedIn) as asked:
        await desk.sign_in(EMAIL, PASSWORD, HERE, later)
    assert asked.value.why is SignInRefusal.CODE_NEEDED
    ticket, fresh = asked.value.ticket, totp.code_at(secret, totp.step_of(later))
    with pytest.raises(NotSignedIn) as wrong:
        await desk.sign_in_with_code(ticket, "123456", HERE, later)
    assert wrong.value.why is SignInRefusal.CODE_WRONG
    await desk.sign_in_with_code(ticket, fresh, HERE, later)
    for again in (fresh, code, "nonsense"):
        with pytest.raises(NotSignedIn):
            await desk.sign_in_with_code(ticket, again, HERE, later)
    await desk.sign_in_with_code(ticket, codes[3].upper(), HERE, later)
    with pytest.raises(NotSignedIn):
        await desk.sign_in_with_code(ticket, codes[3], HERE, later)


async def test_a_ticket_opens_nothing_after_its_time_nor_after_another_password(db: driver.Database) -> None:
    desk, secret = accounts(db), b"s" * 20
    await invited(desk)
    codes = await desk.set_up_totp(await desk.named(EMAIL), secret, totp.code_at(secret, totp.step_of(NOW)), NOW)
    assert codes is not None
    with pytest.raises(NotSignedIn) as asked:
        await desk.sign_in(EMAIL, PASSWORD, HERE, NOW)
    with pytest.raises(NotSignedIn):
        await desk.sign_in_with_code(asked.value.ticket, codes[0], HERE, NOW + 5 * MINUTE)
    _, link = await desk.reset(EMAIL, NOW)
    await desk.set_password(link, LinkPurpose.RESET, "another long sentence", NOW)
    with pytest.raises(NotSignedIn):
        await desk.sign_in_with_code(asked.value.ticket, codes[0], HERE, NOW)
    with pytest.raises(NotSignedIn) as still:
        await desk.sign_in(EMAIL, "another long sentence", HERE, NOW)
    assert still.value.why is SignInRefusal.CODE_NEEDED, "a reset by link leaves the second factor where it is"


async def test_the_second_factor_is_turned_off_by_who_knows_the_password(db: driver.Database) -> None:
    desk, secret = accounts(db), b"s" * 20
    await invited(desk)
    user = await desk.named(EMAIL)
    await desk.set_up_totp(user, secret, totp.code_at(secret, totp.step_of(NOW)), NOW)
    assert not await desk.drop_totp(user, "wrong and long enough", NOW)
    assert await desk.drop_totp(user, PASSWORD, NOW)
    await desk.sign_in(EMAIL, PASSWORD, HERE, NOW)


async def test_the_first_account_is_made_once_and_never_changes_one_that_is_there(db: driver.Database) -> None:
    desk = accounts(db)
    with pytest.raises(PasswordRefused):
        await desk.begin_with(EMAIL, "short", NOW)
    begun = await asyncio.gather(*(accounts(db).begin_with(EMAIL, PASSWORD, NOW) for _ in range(3)))
    assert [user.roles for user in begun if user is not None] == [(Role.ADMIN,)]
    await desk.sign_in(EMAIL, PASSWORD, HERE, NOW)
    assert await desk.begin_with("other@example.com", "another long sentence", NOW) is None
    await desk.revoke(EMAIL, NOW)
    assert await desk.begin_with(EMAIL, PASSWORD, NOW) is None, "who was revoked is not let in by a setting"
