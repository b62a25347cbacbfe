"""``ATOMIC_REQUESTS`` with async views.

The setting wraps every view in ``atomic``, which no coroutine can enter; so each async view
answers 500, the ones that touch no database too.

Message: RuntimeError: You cannot use ATOMIC_REQUESTS with async views.
Cure: put `atomic` where the writes are, or `@transaction.non_atomic_requests` on async views
Seen on: Django 5.2.19 and 6.1.3
Upstream: https://docs.djangoproject.com/en/stable/topics/db/transactions/#tying-transactions-to-http-requests
"""

from typing import Any

import pytest
from django.db import connections, transaction
from django.http import HttpRequest, HttpResponse
from django.test import AsyncClient
from django.urls import path

pytestmark = pytest.mark.urls(__name__)


async def view(request: HttpRequest) -> Any: ...


@transaction.non_atomic_requests
async def exempted(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


urlpatterns = [path("view/", view), path("exempted/", exempted)]


@pytest.fixture(autouse=True)
def _atomic_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connections.settings["default"], "ATOMIC_REQUESTS", True)


async def test_an_async_view_is_refused(async_client: AsyncClient) -> None:
    with pytest.raises(RuntimeError, match="You cannot use ATOMIC_REQUESTS with async views"):
        await async_client.get("/view/")


async def test_an_exempted_view_works(async_client: AsyncClient) -> None:
    assert (await async_client.get("/exempted/")).status_code == 200
