"""Test an async view.

Use ``AsyncClient``: the request runs on the test's own event loop, through the whole middleware
stack. Plain ``@pytest.mark.django_db`` is enough here; without the rollback plugin the rows that
such a test writes would stay for the next one.
"""

import pytest
from django.test import AsyncClient
from pytest_mock import MockerFixture

from tests.factories import acreate_user
from users.models import User

pytestmark = pytest.mark.django_db


def called(user: User) -> str:
    """Return the user's name; people without one are called what they log in by."""
    return str(getattr(user, "name", user.get_username()))


async def test_the_list_shows_everybody(
    async_client: AsyncClient, sample_users: list[User]
) -> None:
    response = await async_client.get("/api/users/")

    assert response.status_code == 200
    assert response.json() == {
        "users": [{"id": user.pk, "name": called(user)} for user in sample_users]
    }


async def test_the_list_comes_in_pages(async_client: AsyncClient, sample_users: list[User]) -> None:
    response = await async_client.get("/api/users/?limit=1")

    first = sample_users[0]
    assert response.json() == {
        "users": [{"id": first.pk, "name": called(first)}],
        "next": f"/api/users/?after={first.pk}&limit=1",
    }


async def test_what_is_no_page_is_told_by_field(async_client: AsyncClient) -> None:
    response = await async_client.get("/api/users/?limit=none")

    assert response.status_code == 400
    assert response.json() == {"limit": ["Enter a whole number."]}


async def test_the_list_is_empty_when_there_is_nobody(async_client: AsyncClient) -> None:
    response = await async_client.get("/api/users/")

    assert response.json() == {"users": []}


async def test_the_detail_shows_one_person(async_client: AsyncClient) -> None:
    alice = await acreate_user(email="alice@example.com")

    response = await async_client.get(f"/api/users/{alice.pk}/")

    assert response.status_code == 200
    assert response.json() == {"id": alice.pk, "name": called(alice), "email": "alice@example.com"}


@pytest.mark.parametrize(
    "unknown_id", ["0", "9" * 30], ids=["unused", "too large for the database"]
)
async def test_an_unknown_id_is_not_found(async_client: AsyncClient, unknown_id: str) -> None:
    response = await async_client.get(f"/api/users/{unknown_id}/")

    assert response.status_code == 404
    assert response.json() == {"detail": f"There is no user {unknown_id}."}


@pytest.mark.parametrize("path", ["/api/users/", "/api/users/1/"])
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
async def test_other_methods_than_get_are_refused(
    async_client: AsyncClient, method: str, path: str
) -> None:
    response = await getattr(async_client, method)(path)

    assert response.status_code == 405
    assert response.json() == {"detail": f"{method.upper()} is not allowed here; use GET, HEAD."}


async def test_a_defect_is_no_unknown_id(async_client: AsyncClient, mocker: MockerFixture) -> None:
    mocker.patch("users.views.UserService.get_user", side_effect=ZeroDivisionError)

    with pytest.raises(ZeroDivisionError):
        await async_client.get("/api/users/1/")
