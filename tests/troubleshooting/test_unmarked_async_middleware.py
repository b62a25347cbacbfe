"""A middleware class with an async ``__call__`` that does not say so.

Django asks whether the *instance* is a coroutine function, and an instance with an
``async def __call__`` is not, until it is marked. Django then runs it as sync code, and the next
middleware out is handed a coroutine. The attribute in the message depends on who that is.

Message: AttributeError: 'coroutine' object has no attribute 'status_code'
Message: AttributeError: 'coroutine' object has no attribute 'get'
Message: AttributeError: 'coroutine' object has no attribute 'headers'
Message: AttributeError: 'coroutine' object has no attribute '_resource_closers'
Told by: the line is in middleware, Django's own or yours
Cure: `async_capable = True` on the class, `markcoroutinefunction(self)` in its `__init__`
Seen on: Django 5.2.19 and 6.1.3
Upstream: https://docs.djangoproject.com/en/stable/topics/http/middleware/#asynchronous-support
"""

from typing import Any

import pytest
from asgiref.sync import markcoroutinefunction
from django.http import HttpRequest, HttpResponse
from django.test import AsyncClient
from django.urls import path
from pytest_django import Settings

pytestmark = pytest.mark.urls(__name__)

COMMON = "django.middleware.common.CommonMiddleware"


async def view(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


urlpatterns = [path("", view)]


class Unmarked:
    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    async def __call__(self, request: HttpRequest) -> HttpResponse:
        response: HttpResponse = await self.get_response(request)
        return response


class Marked(Unmarked):
    async_capable = True
    sync_capable = False

    def __init__(self, get_response: Any) -> None:
        super().__init__(get_response)
        markcoroutinefunction(self)


async def test_the_next_middleware_is_handed_a_coroutine(
    async_client: AsyncClient, settings: Settings
) -> None:
    settings.MIDDLEWARE = [COMMON, f"{__name__}.Unmarked"]

    with pytest.raises(
        AttributeError, match="'coroutine' object has no attribute 'status_code'"
    ) as caught:
        await async_client.get("/")
    caught.traceback[-1].frame.f_locals["response"].close()


async def test_alone_the_handler_is_handed_a_coroutine(
    async_client: AsyncClient, settings: Settings
) -> None:
    settings.MIDDLEWARE = [f"{__name__}.Unmarked"]

    with pytest.raises(
        AttributeError, match="'coroutine' object has no attribute '_resource_closers'"
    ) as caught:
        await async_client.get("/")
    caught.traceback[-1].frame.f_locals["response"].close()


async def test_a_marked_middleware_works(async_client: AsyncClient, settings: Settings) -> None:
    settings.MIDDLEWARE = [COMMON, f"{__name__}.Marked"]

    assert (await async_client.get("/")).status_code == 200
