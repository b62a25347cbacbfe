"""A class-based view with sync and async handlers.

A view is one or the other as a whole. ``as_view()`` refuses a mixture, so the error comes when the
URLconf is imported: at the first request of the first test.

Message: HTTP handlers must either be all sync or all async.
Cure: make every handler of the class `async def`
Seen on: Django 5.2.19 and 6.1.3
Upstream: https://docs.djangoproject.com/en/stable/topics/class-based-views/#async-class-based-views
"""

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.test import AsyncRequestFactory
from django.views import View


class Mixed(View):
    def get(self, request: HttpRequest) -> Any: ...

    async def post(self, request: HttpRequest) -> Any: ...


class AllAsync(View):
    async def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse("got")


def test_a_mixture_is_refused() -> None:
    with pytest.raises(
        ImproperlyConfigured, match="Mixed HTTP handlers must either be all sync or all async"
    ):
        Mixed.as_view()


async def test_a_view_with_async_handlers_only_works(async_rf: AsyncRequestFactory) -> None:
    view: Any = AllAsync.as_view()

    response = await view(async_rf.get("/"))

    assert response.content == b"got"
