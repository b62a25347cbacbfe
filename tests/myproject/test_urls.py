"""Test the addresses of the project itself, and that each app brings its own.

Addresses are what others have kept, load balancers among them; names are what templates have.
"""

import runpy

import pytest
from django.urls import resolve, reverse
from pytest_django import Settings

from myproject import urls


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("home", "/"),
        ("healthz", "/healthz"),
        ("readyz", "/readyz"),
        ("admin:index", "/admin/"),
        ("user-list", "/api/users/"),
        ("external", "/api/external/"),
        ("chat-ticket", "/api/chat/ticket/"),
    ],
)
def test_an_address_has_this_name(name: str, address: str) -> None:
    assert reverse(name) == address
    assert resolve(address).view_name == name


@pytest.mark.parametrize(
    ("address", "module"),
    [
        ("/patterns/users-views/", "myproject.catalogue.views"),
        ("/api/talks/1/", "talks.views"),
    ],
)
def test_an_address_leads_into_this_module(address: str, module: str) -> None:
    assert resolve(address).func.__module__ == module


def test_in_development_each_server_has_the_static_files(settings: Settings) -> None:
    settings.DEBUG = True

    *_, last = runpy.run_path(urls.__file__)["urlpatterns"]

    assert last.resolve("static/myproject/style.css")
