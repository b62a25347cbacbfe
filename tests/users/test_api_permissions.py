"""Test a REST API's permissions: who may change and delete whom, and how often anybody may ask.

Ask each question as everybody: a visitor, somebody else, the person, staff. The traps: a permission
for objects that ``get_object`` never checks, so that 200 is all that is ever seen, and a bad
request that is answered with 500, for want of a test that sends one.
Code: users/api.py
"""

from typing import Any

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.test import AsyncClient
from django.urls import Resolver404, resolve

from tests.factories import acreate_user

pytestmark = pytest.mark.django_db

User: Any = get_user_model()
LOGIN_FIELD = User.USERNAME_FIELD


@pytest.fixture
async def ada() -> Any:
    """Somebody."""
    return await acreate_user(**{LOGIN_FIELD: "ada@example.com"})


async def patch(client: AsyncClient, user: Any, body: Any) -> Any:
    return await client.patch(f"/api/v1/users/{user.pk}/", body, content_type="application/json")


@pytest.mark.parametrize("address", ["/api/v1/users/", "/api/v1/users/1/"])
async def test_a_visitor_sees_nobody(async_client: AsyncClient, address: str) -> None:
    response = await async_client.get(address)

    assert response.status_code == 401


async def test_anybody_who_is_logged_in_sees_one_person(
    authenticated_async_client: AsyncClient, ada: Any
) -> None:
    response = await authenticated_async_client.get(f"/api/v1/users/{ada.pk}/")

    assert response.status_code == 200
    assert response.json()[LOGIN_FIELD] == "ada@example.com"


@pytest.mark.parametrize(
    ("staff", "status"), [(False, 403), (True, 200)], ids=["somebody else", "staff"]
)
async def test_only_staff_changes_others(
    async_client: AsyncClient, ada: Any, staff: bool, status: int
) -> None:
    await async_client.aforce_login(await acreate_user(is_staff=staff))

    response = await patch(async_client, ada, {LOGIN_FIELD: "lovelace@example.com"})

    assert response.status_code == status


async def test_people_change_themselves(async_client: AsyncClient, ada: Any) -> None:
    await async_client.aforce_login(ada)

    response = await patch(async_client, ada, {LOGIN_FIELD: "lovelace@example.com"})

    await ada.arefresh_from_db()
    assert response.json()[LOGIN_FIELD] == ada.get_username() == "lovelace@example.com"


async def test_what_is_only_to_be_read_is_not_changed(async_client: AsyncClient, ada: Any) -> None:
    await async_client.aforce_login(ada)
    await ada.arefresh_from_db()
    before = (ada.pk, ada.last_login)

    await patch(async_client, ada, {"id": 0, "last_login": "2000-01-01T00:00:00Z"})

    await ada.arefresh_from_db()
    assert (ada.pk, ada.last_login) == before


@pytest.mark.parametrize(
    "name",
    ["", "taken@example.com", None, [], "\x00", "\ud800"],
    ids=["empty", "taken", "null", "a list", "NUL", "half a surrogate pair"],
)
async def test_what_cannot_be_a_name_is_refused(
    async_client: AsyncClient, ada: Any, name: Any
) -> None:
    await acreate_user(**{LOGIN_FIELD: "taken@example.com"})
    await async_client.aforce_login(ada)

    response = await patch(async_client, ada, {LOGIN_FIELD: name})

    assert response.status_code == 400
    assert list(response.json()) == [LOGIN_FIELD]


@pytest.mark.parametrize(
    ("who", "status", "left"), [("ada", 204, False), ("somebody else", 403, True)]
)
async def test_people_delete_only_themselves(
    async_client: AsyncClient, ada: Any, who: str, status: int, left: bool
) -> None:
    people = {"ada": ada, "somebody else": await acreate_user()}
    await async_client.aforce_login(people[who])

    response = await async_client.delete(f"/api/v1/users/{ada.pk}/")

    assert response.status_code == status
    assert await User._default_manager.filter(pk=ada.pk).aexists() == left


@pytest.mark.parametrize("unknown", ["0", "9" * 30, "ada"])
async def test_an_unknown_person_is_not_found(
    authenticated_async_client: AsyncClient, unknown: str
) -> None:
    response = await authenticated_async_client.get(f"/api/v1/users/{unknown}/")

    assert response.status_code == 404


def test_what_is_no_number_leads_nowhere() -> None:
    with pytest.raises(Resolver404):
        resolve("/api/v1/users/ada/")


@pytest.mark.parametrize(
    ("method", "status"),
    [("HEAD", 200), ("OPTIONS", 200), ("PUT", 405), ("POST", 405), ("TRACE", 405)],
)
async def test_people_are_read_changed_in_part_and_deleted(
    async_client: AsyncClient, ada: Any, method: str, status: int
) -> None:
    await async_client.aforce_login(ada)

    response = await async_client.generic(method, f"/api/v1/users/{ada.pk}/")

    assert response.status_code == status


@pytest.mark.usefixtures("cache_in_memory")
async def test_who_asks_too_often_waits_a_minute(
    async_client: AsyncClient, ada: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("users.api.Often.rate", "1/min")
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False) as clock:
        await async_client.aforce_login(ada)
        await async_client.get("/api/v1/users/")

        refused = await async_client.get("/api/v1/users/")
        clock.shift(60)
        served = await async_client.get("/api/v1/users/")

    assert (refused.status_code, refused["Retry-After"]) == (429, "60")
    assert served.status_code == 200
