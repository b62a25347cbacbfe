"""Test the addresses of the REST API, and that its description has these and no others.

The trap is a description of the whole project: clients are then made for what is no API.
"""

from typing import Any

import pytest
from django.test import AsyncClient
from django.urls import Resolver404, resolve, reverse


@pytest.mark.parametrize(
    ("name", "arguments", "address"),
    [
        ("v1-user-list", [], "/api/v1/users/"),
        ("v1-user-detail", [7], "/api/v1/users/7/"),
        ("v1-token", [], "/api/v1/token/"),
        ("v1-schema", [], "/api/v1/schema/"),
        ("v1-docs", [], "/api/v1/docs/"),
    ],
)
def test_an_address_has_this_name(name: str, arguments: list[Any], address: str) -> None:
    assert reverse(name, args=arguments) == address
    assert resolve(address).view_name == name


def test_what_is_no_number_is_no_address_of_a_person() -> None:
    with pytest.raises(Resolver404):
        resolve("/api/v1/users/ada/")


async def test_the_description_has_the_api_and_nothing_else(async_client: AsyncClient) -> None:
    response = await async_client.get("/api/v1/schema/?format=json")

    assert list(response.json()["paths"]) == [
        "/api/v1/token/",
        "/api/v1/users/",
        "/api/v1/users/{id}/",
    ]


async def test_the_page_shows_that_description(async_client: AsyncClient) -> None:
    response = await async_client.get("/api/v1/docs/?script=")

    assert 'url: "/api/v1/schema/"' in response.content.decode()
