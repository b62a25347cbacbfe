"""Test the addresses of the chat.

Addresses are what others have kept; names are what templates have.
"""

from typing import Any

import pytest
from django.urls import resolve, reverse


@pytest.mark.parametrize(
    ("name", "arguments", "address"),
    [("chat-page", ["lobby"], "/chat/lobby/"), ("chat-ticket", [], "/api/chat/ticket/")],
)
def test_an_address_has_this_name(name: str, arguments: list[Any], address: str) -> None:
    assert reverse(name, args=arguments) == address
    assert resolve(address).view_name == name
