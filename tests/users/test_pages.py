"""Test a page for people who are logged in: class-based, and a function.

Ask for each page twice, as a visitor and as somebody; async views pass the second and fail the
first when ``LoginRequiredMixin`` guards them. The trap is a test that logs in for every request: it
never sees the visitor, who is the reason for the guard.
"""

from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import Group
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.test import AsyncClient
from django.urls import path
from django.views import View

from tests.factories import PASSWORD, acreate_user
from users.pages import LoginRequired

pytestmark = pytest.mark.django_db


class SyncPage(LoginRequired, View):
    greeting = ""

    def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse(f"{self.greeting} {request.user}")


urlpatterns = [
    path("sync/", SyncPage.as_view(greeting="Hello")),
    path("login/", LoginView.as_view(), name="login"),
]


@pytest.mark.parametrize("address", ["/account/", "/account/data/"])
async def test_a_visitor_is_sent_to_the_login_page(async_client: AsyncClient, address: str) -> None:
    response = await async_client.get(address)

    assert response.status_code == 302
    assert response["Location"] == f"/login/?next={address}"


async def test_the_account_page_shows_who_is_logged_in(
    authenticated_async_client: AsyncClient, user: Any
) -> None:
    response = await authenticated_async_client.get("/account/")

    assert response.status_code == 200
    assert f"<h1>{user}</h1>" in response.content.decode()


async def test_the_data_are_those_of_who_is_logged_in(
    authenticated_async_client: AsyncClient, user: Any
) -> None:
    await user.groups.acreate(name="poets")
    await sync_to_async(Group.objects.create)(name="painters")

    response = await authenticated_async_client.get("/account/data/")

    assert response.json() == {"username": user.get_username(), "groups": ["poets"]}


async def test_the_data_are_only_read(authenticated_async_client: AsyncClient) -> None:
    response = await authenticated_async_client.post("/account/data/")

    assert response.status_code == 405


@pytest.mark.urls(__name__)
async def test_the_mixin_guards_a_sync_view_too(async_client: AsyncClient) -> None:
    response = await async_client.get("/sync/")

    assert (response.status_code, response["Location"]) == (302, "/login/?next=/sync/")


@pytest.mark.urls(__name__)
async def test_the_mixin_lets_somebody_into_a_sync_view(
    authenticated_async_client: AsyncClient, user: Any
) -> None:
    response = await authenticated_async_client.get("/sync/")

    assert response.content.decode() == f"Hello {user}"


async def test_after_logging_in_the_visitor_is_where_they_wanted_to_be(
    async_client: AsyncClient,
) -> None:
    user = await acreate_user(with_password=True)
    credentials = {"username": user.get_username(), "password": PASSWORD}
    page = await async_client.get("/account/data/", follow=True)

    response = await async_client.post(
        "/login/", {**credentials, "next": page.context["next"]}, follow=True
    )

    assert response.json()["username"] == user.get_username()
