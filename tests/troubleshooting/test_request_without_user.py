"""A request from ``async_rf`` that knows no user.

A request factory runs no middleware, and middleware is what adds ``user``, ``auser`` and
``session``. Give the request what the view reads, or send it through ``AsyncClient``.

Message: AttributeError: 'ASGIRequest' object has no attribute 'auser'
Message: AttributeError: 'ASGIRequest' object has no attribute 'user'
Message: AttributeError: 'ASGIRequest' object has no attribute 'session'
Cure: set `request.auser` in the test, or use `async_client`
Seen on: Django 5.2.19 and 6.1.3
Upstream: https://docs.djangoproject.com/en/stable/topics/testing/advanced/#asyncrequestfactory
"""

from unittest.mock import AsyncMock

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import AsyncRequestFactory


async def greet(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"Hello {await request.auser()}")


async def test_a_request_without_middleware_has_no_user(async_rf: AsyncRequestFactory) -> None:
    with pytest.raises(AttributeError, match="'ASGIRequest' object has no attribute 'auser'"):
        await greet(async_rf.get("/"))


async def test_a_request_that_was_given_a_user_has_one(async_rf: AsyncRequestFactory) -> None:
    request = async_rf.get("/")
    request.auser = AsyncMock(return_value="alice")

    response = await greet(request)

    assert response.content == b"Hello alice"
