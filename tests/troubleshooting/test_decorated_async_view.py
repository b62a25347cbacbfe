"""A sync decorator on an async view.

The wrapper is a plain function, so Django takes the view for a sync one, runs it in a thread, and
is handed a coroutine. The same wrapper, if it touches the response, fails a line earlier. Both
kinds of view can be served by one decorator, as Django's own are.

Message: didn't return an HttpResponse object. It returned an unawaited coroutine instead.
Message: TypeError: 'coroutine' object does not support item assignment
Cure: in the decorator, `if iscoroutinefunction(view):` return an `async def` wrapper
Seen on: Django 5.2.19 and 6.1.3
Upstream: https://docs.djangoproject.com/en/stable/topics/async/#decorators
"""

from functools import wraps
from typing import Any

import pytest
from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, HttpResponse
from django.test import AsyncClient
from django.urls import path

pytestmark = pytest.mark.urls(__name__)


def logged(view: Any) -> Any:
    @wraps(view)
    def wrapper(request: HttpRequest) -> Any:
        return view(request)

    return wrapper


def no_store(view: Any) -> Any:
    @wraps(view)
    def wrapper(request: HttpRequest) -> Any:
        response = view(request)
        response["Cache-Control"] = "no-store"
        return response

    return wrapper


def no_store_for_both(view: Any) -> Any:
    if not iscoroutinefunction(view):
        return no_store(view)

    @wraps(view)
    async def wrapper(request: HttpRequest) -> Any:
        response = await view(request)
        response["Cache-Control"] = "no-store"
        return response

    return wrapper


async def view(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def sync_view(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


urlpatterns = [
    path("logged/", logged(view)),
    path("no-store/", no_store(view)),
    path("both/async/", no_store_for_both(view)),
    path("both/sync/", no_store_for_both(sync_view)),
]


async def test_django_is_handed_a_coroutine(async_client: AsyncClient) -> None:
    with pytest.raises(ValueError, match="It returned an unawaited coroutine instead") as caught:
        await async_client.get("/logged/")
    caught.traceback[-1].frame.f_locals["response"].close()


async def test_the_decorator_is_handed_a_coroutine(async_client: AsyncClient) -> None:
    with pytest.raises(
        TypeError, match="'coroutine' object does not support item assignment"
    ) as caught:
        await async_client.get("/no-store/")
    caught.traceback[-1].frame.f_locals["response"].close()


@pytest.mark.parametrize("kind", ["async", "sync"])
async def test_a_decorator_for_both_kinds_works(async_client: AsyncClient, kind: str) -> None:
    response = await async_client.get(f"/both/{kind}/")

    assert response["Cache-Control"] == "no-store"
