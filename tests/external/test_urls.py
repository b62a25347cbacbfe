"""Test the addresses of what is asked of outside APIs, and of what stands in for them.

Addresses are what others have kept; names are what templates and settings have.
"""

from typing import Any

import pytest
from django.urls import resolve, reverse

from external import upstream, views


@pytest.mark.parametrize(
    ("address", "view"),
    [
        ("/api/external/", views.fetch_external_data),
        ("/api/external/all/", views.fetch_all_external_data),
        ("/api/external/cached/", views.cached_external_data),
        ("/api/external/stream/", views.stream_external_data),
        ("/upstream/", upstream.upstream),
        ("/upstream/clock/", upstream.clock),
    ],
)
def test_an_address_leads_to_its_view(address: str, view: Any) -> None:
    assert resolve(address).func is view


@pytest.mark.parametrize(
    ("name", "address"), [("external", "/api/external/"), ("upstream", "/upstream/")]
)
def test_an_address_has_this_name(name: str, address: str) -> None:
    assert reverse(name) == address
