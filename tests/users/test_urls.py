"""Test the addresses of pages and APIs about people.

Addresses are what others have kept: in bookmarks, in clients, in e-mails; names are what templates
have. The trap is to look each up by its name only, so that all tests follow when one moves.
"""

from typing import Any

import pytest
from django.test import AsyncClient
from django.urls import Resolver404, resolve, reverse

from users.avatars import show_avatar, upload_avatar


@pytest.mark.parametrize(
    ("name", "arguments", "address"),
    [
        ("user-list", [], "/api/users/"),
        ("user-detail", [7], "/api/users/7/"),
        ("user-count", [], "/api/users/count/"),
        ("invite", [], "/invite/"),
        ("register", [], "/api/register/"),
        ("log-in", [], "/api/login/"),
        ("log-out", [], "/api/logout/"),
        ("me", [], "/api/me/"),
        ("account", [], "/account/"),
        ("account-data", [], "/account/data/"),
        ("account-export", [], "/account/export/"),
        ("login", [], "/login/"),
        ("logout", [], "/logout/"),
        ("drf-user-list", [], "/api/drf/users/"),
        ("drf-user-detail", [7], "/api/drf/users/7/"),
        ("v1-user-list", [], "/api/v1/users/"),
    ],
)
def test_an_address_has_this_name(name: str, arguments: list[Any], address: str) -> None:
    assert reverse(name, args=arguments) == address
    assert resolve(address).view_name == name


@pytest.mark.parametrize(
    ("address", "view"), [("/api/users/7/avatar/", show_avatar), ("/api/avatar/", upload_avatar)]
)
def test_an_address_without_a_name_leads_to_its_view(address: str, view: Any) -> None:
    assert resolve(address).func is view


def test_what_is_no_number_is_no_address_of_the_viewset() -> None:
    with pytest.raises(Resolver404):
        resolve("/api/drf/users/ada/")


async def test_the_page_to_log_in_is_this_projects(async_client: AsyncClient) -> None:
    response = await async_client.get("/login/")

    assert response.status_code == 200
    assert response.templates[0].name == "users/login.html"


async def test_after_logging_out_people_are_at_home(async_client: AsyncClient) -> None:
    response = await async_client.post("/logout/")

    assert (response.status_code, response.headers["Location"]) == (302, "/")
