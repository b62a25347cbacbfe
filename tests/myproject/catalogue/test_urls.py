"""Test the addresses of the catalogue.

Addresses are what others have kept, the home page's script among them; names are what templates
have.
"""

from typing import Any

import pytest
from django.urls import resolve, reverse

from myproject.catalogue import views


@pytest.mark.parametrize(
    ("name", "arguments", "address", "view"),
    [
        ("patterns", [], "/patterns/", views.patterns),
        ("pattern", ["users-views"], "/patterns/users-views/", views.pattern),
    ],
)
def test_an_address_has_this_name_and_this_view(
    name: str, arguments: list[Any], address: str, view: object
) -> None:
    assert reverse(name, args=arguments) == address
    assert resolve(address).func is view
