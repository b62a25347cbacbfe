"""Test an async viewset (Django REST framework with adrf).

Use Django's ``AsyncClient``, with ``content_type="application/json"`` for a body. DRF's sync
``APIClient`` works through ``sync_to_async``. The traps are adrf's own test client, which sends
the content type twice, and adrf's router, which looks for ``alist`` where this viewset, like the
document's, has ``list``.
"""

from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient
from pytest_mock import MockerFixture
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.test import APIClient

from tests.factories import acreate_user
from users.models import User
from users.services import EmailTakenError
from users.viewsets import AsyncUserViewSet

pytestmark = pytest.mark.django_db


async def test_list_shows_everybody(async_client: AsyncClient, sample_users: list[User]) -> None:
    response = await async_client.get("/api/drf/users/")

    assert response.status_code == 200
    assert response.json() == [{"id": user.pk, "name": user.name} for user in sample_users]


async def test_list_through_the_sync_api_client(sample_users: list[User]) -> None:
    response = await sync_to_async(APIClient().get)("/api/drf/users/")

    assert response.status_code == 200
    assert [row["id"] for row in response.data] == [user.pk for user in sample_users]


async def test_retrieve_shows_one_person(async_client: AsyncClient) -> None:
    ada = await acreate_user(name="Ada")

    response = await async_client.get(f"/api/drf/users/{ada.pk}/")

    assert response.status_code == 200
    assert response.json() == {"id": ada.pk, "name": "Ada"}


@pytest.mark.parametrize(
    ("unknown_pk", "detail"),
    [
        ("0", "There is no user 0."),
        ("9" * 30, f"There is no user {'9' * 30}."),
        ("9" * 5000, f"There is nothing at /api/drf/users/{'9' * 5000}/"),
        ("ada", "There is nothing at /api/drf/users/ada/"),
    ],
    ids=["unused", "too large for the database", "too long for an int", "no number"],
)
async def test_an_unknown_pk_is_not_found(
    async_client: AsyncClient, unknown_pk: str, detail: str
) -> None:
    response = await async_client.get(f"/api/drf/users/{unknown_pk}/")

    assert response.status_code == 404
    assert response.json() == {"detail": detail}


async def post(client: AsyncClient, body: Any) -> Any:
    return await client.post("/api/drf/users/", body, content_type="application/json")


async def test_create_stores_the_user(authenticated_async_client: AsyncClient) -> None:
    response = await post(
        authenticated_async_client, {"name": "Grace", "email": "grace@example.com"}
    )

    grace = await User.objects.aget(email="grace@example.com")
    assert response.status_code == 201
    assert response.json() == {"id": grace.pk, "name": "Grace"}


async def test_create_is_for_people_who_are_logged_in(async_client: AsyncClient) -> None:
    response = await post(async_client, {"name": "Grace", "email": "grace@example.com"})

    assert response.status_code == 403
    assert response.json() == {"detail": "Authentication credentials were not provided."}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "Grace"}, "email"),
        ({"name": "Grace", "email": "grace"}, "email"),
        ({"name": "Grace", "email": "taken@example.com"}, "email"),
        ({"email": "grace@example.com"}, "name"),
        ({"name": "G" * 151, "email": "grace@example.com"}, "name"),
        ({"name": "\x00", "email": "grace@example.com"}, "name"),
        ({"name": "\ud800", "email": "grace@example.com"}, "name"),
        ([], "non_field_errors"),
    ],
    ids=[
        "no address",
        "malformed address",
        "taken address",
        "no name",
        "name too long",
        "NUL in the name",
        "half a surrogate pair",
        "no object",
    ],
)
async def test_create_says_which_field_is_wrong(
    authenticated_async_client: AsyncClient, body: Any, field: str
) -> None:
    await acreate_user(email="taken@example.com")

    response = await post(authenticated_async_client, body)

    assert response.status_code == 400
    assert list(response.json()) == [field]


@pytest.mark.parametrize(
    "body",
    [b"{", b'"\xff"', b"[" * 100_000],
    ids=["malformed", "not UTF-8", "nested beyond reason"],
)
async def test_create_refuses_a_body_that_is_not_json(
    authenticated_async_client: AsyncClient, body: bytes
) -> None:
    response = await post(authenticated_async_client, body)

    assert response.status_code == 400
    assert response.json()["detail"].startswith("JSON parse error")


async def test_a_defect_is_no_unknown_pk(async_client: AsyncClient, mocker: MockerFixture) -> None:
    mocker.patch("users.viewsets.UserService.get_user", side_effect=ZeroDivisionError)

    with pytest.raises(ZeroDivisionError):
        await async_client.get("/api/drf/users/1/")


async def test_a_defect_is_no_taken_address(
    authenticated_async_client: AsyncClient, mocker: MockerFixture
) -> None:
    mocker.patch("users.viewsets.UserService.create_user", side_effect=ZeroDivisionError)
    grace = {"name": "Grace", "email": "grace@example.com"}

    with pytest.raises(ZeroDivisionError):
        await post(authenticated_async_client, grace)


async def test_what_a_client_did_wrong_is_told_without_the_orms_traceback(
    mocker: MockerFixture,
) -> None:
    request = mocker.Mock(spec=Request, data={"name": "Grace", "email": "grace@example.com"})
    mocker.patch("users.viewsets.UserService.create_user", side_effect=EmailTakenError)

    with pytest.raises(NotFound) as not_found:
        await AsyncUserViewSet().retrieve(request, 0)
    with pytest.raises(ValidationError, match="user with this email") as taken:
        await AsyncUserViewSet().create(request)

    assert not_found.value.__suppress_context__
    assert taken.value.__suppress_context__
