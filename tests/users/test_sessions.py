"""Test logging in and out, and who "me" is, through JSON views.

Use a client that has not been helped by ``aforce_login``: it must log in with a password, and then
be known. The traps: a session whose key survives the login (whoever planted it is logged in, too),
a CSRF check that the test client switches off, and a limit on attempts that nobody ever reached.
"""

from typing import Any

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.cache import caches
from django.test import AsyncClient, Client
from pytest_mock import MockerFixture

from tests.factories import PASSWORD, acreate_user
from users import sessions

pytestmark = pytest.mark.django_db

User: Any = get_user_model()


@pytest.fixture
async def ada() -> Any:
    """Somebody who has a password."""
    return await acreate_user(with_password=True)


async def log_in(client: AsyncClient, user: Any, password: str = PASSWORD, **headers: str) -> Any:
    body = {"username": user.get_username(), "password": password}
    return await client.post(
        "/api/login/", body, content_type="application/json", headers=headers or None
    )


async def test_who_logs_in_is_known_from_then_on(async_client: AsyncClient, ada: Any) -> None:
    response = await log_in(async_client, ada)

    known = {"id": ada.pk, "username": ada.get_username(), "may_add_users": False}
    assert (response.status_code, response.json()) == (200, known)
    assert (await async_client.get("/api/me/")).json() == known


async def test_a_visitor_is_nobody(async_client: AsyncClient) -> None:
    response = await async_client.get("/api/me/")

    assert response.status_code == 403
    assert response.json() == {"detail": "You are not logged in."}


async def test_me_says_what_somebody_may(async_client: AsyncClient, ada: Any) -> None:
    permission = await Permission.objects.aget(codename=f"add_{User._meta.model_name}")
    await ada.user_permissions.aadd(permission)

    response = await log_in(async_client, ada)

    assert response.json()["may_add_users"] is True


async def test_who_logs_out_is_nobody_again(async_client: AsyncClient, ada: Any) -> None:
    await log_in(async_client, ada)

    response = await async_client.post("/api/logout/")

    assert response.status_code == 204
    assert (await async_client.get("/api/me/")).status_code == 403


async def test_the_session_is_another_one_after_the_login(
    async_client: AsyncClient, ada: Any
) -> None:
    planted = await async_client.asession()
    await planted.aset("basket", "full")
    await planted.asave()

    await log_in(async_client, ada)

    session = await async_client.asession()
    assert await session.aget("basket") == "full"
    assert session.session_key != planted.session_key
    assert not await planted.aexists(str(planted.session_key))


@pytest.mark.parametrize(
    ("traits", "password"),
    [({}, "wrong"), ({}, f" {PASSWORD} "), ({"inactive": True}, PASSWORD)],
    ids=["wrong password", "space around it", "inactive"],
)
async def test_who_may_not_log_in_is_not_told_why(
    async_client: AsyncClient, traits: dict[str, Any], password: str
) -> None:
    user = await acreate_user(with_password=True, **traits)

    response = await log_in(async_client, user, password)

    assert response.status_code == 400
    assert response.json() == {"detail": "Wrong username or password."}
    assert "sessionid" not in async_client.cookies


async def test_both_fields_are_required(async_client: AsyncClient) -> None:
    response = await async_client.post("/api/login/", {}, content_type="application/json")

    assert response.status_code == 400
    assert list(response.json()) == ["username", "password"]


@pytest.mark.parametrize(("field", "most"), [("username", 254), ("password", 4096)])
async def test_what_is_longer_than_anybodys_is_not_looked_at(
    async_client: AsyncClient, field: str, most: int
) -> None:
    body = {"username": "ada", "password": PASSWORD, field: "x" * (most + 1)}

    response = await async_client.post("/api/login/", body, content_type="application/json")

    assert response.status_code == 400
    assert list(response.json()) == [field]


async def test_there_are_five_attempts_in_a_minute(
    async_client: AsyncClient, ada: Any, mocker: MockerFixture
) -> None:
    mocker.patch("users.sessions.authenticate", return_value=None)  # which takes its time

    responses = [await log_in(async_client, ada, "wrong") for _ in range(6)]

    assert [response.status_code for response in responses] == [400, 400, 400, 400, 400, 429]


async def test_me_is_only_read(async_client: AsyncClient) -> None:
    assert (await async_client.post("/api/me/")).status_code == 405


@pytest.mark.parametrize("path", ["/api/login/", "/api/logout/"])
async def test_a_link_neither_logs_in_nor_out(async_client: AsyncClient, path: str) -> None:
    assert (await async_client.get(path)).status_code == 405


async def test_after_too_many_attempts_even_the_right_password_has_to_wait(
    async_client: AsyncClient, ada: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "ATTEMPTS", 1)
    await log_in(async_client, ada, "wrong")

    response = await log_in(async_client, ada)

    assert (response.status_code, response["Retry-After"]) == (429, "60")
    assert response.json() == {"detail": "Too many attempts. Try again in a minute."}


@pytest.mark.usefixtures("cache_in_memory")
async def test_a_minute_later_it_is_right_again(
    async_client: AsyncClient, ada: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "ATTEMPTS", 1)
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False) as clock:
        await log_in(async_client, ada, "wrong")
        clock.shift(61)

        assert (await log_in(async_client, ada)).status_code == 200


async def test_attempts_are_counted_for_each_username(
    async_client: AsyncClient, ada: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "ATTEMPTS", 1)
    await log_in(async_client, await acreate_user(), "wrong")

    assert (await log_in(async_client, ada)).status_code == 200


def test_nobody_locks_the_account_of_somebody_elsewhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sessions, "ATTEMPTS", 1)
    body = {"username": "ada", "password": "wrong"}

    def status(address: str) -> int:
        # Sync, for an AsyncClient has no other address than 127.0.0.1.
        response = Client(REMOTE_ADDR=address).post("/api/login/", body, "application/json")
        return response.status_code

    assert [status("192.0.2.1"), status("192.0.2.1"), status("192.0.2.2")] == [400, 429, 400]


async def test_a_login_that_succeeds_ends_the_count(
    async_client: AsyncClient, ada: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "ATTEMPTS", 1)
    await log_in(async_client, ada)

    assert (await log_in(async_client, ada)).status_code == 200


async def test_a_count_that_expires_while_it_is_made_starts_anew(
    async_client: AsyncClient, ada: Any, mocker: MockerFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "ATTEMPTS", 1)
    mocker.patch.object(type(caches["default"]), "incr", side_effect=ValueError)

    assert (await log_in(async_client, ada)).status_code == 200


async def test_a_cache_that_is_away_lets_nobody_guess(
    async_client: AsyncClient, ada: Any, mocker: MockerFixture
) -> None:
    mocker.patch("users.sessions.cache").incr.side_effect = ConnectionError

    with pytest.raises(ConnectionError):
        await log_in(async_client, ada)
