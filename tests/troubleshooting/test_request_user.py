"""``request.user`` in an async view.

``request.user`` is lazy: the first look at it reads the session, then the user. A visitor without
a session cookie costs no query, so an async view that uses it passes every anonymous test, and
fails for the first person who is logged in.

Message: SynchronousOnlyOperation: You cannot call this from an async context - use a thread or
    sync_to_async.
Told by: the line reads `request.user` or `request.session`, in a view
Cure: `user = await request.auser()`; likewise `await request.session.aget(…)`
Seen on: Django 5.2.19 and 6.1.3
Upstream: https://docs.djangoproject.com/en/stable/ref/request-response/#django.http.HttpRequest.auser
"""

import pytest
from django.core.exceptions import SynchronousOnlyOperation
from django.http import HttpRequest, HttpResponse
from django.test import AsyncClient
from django.urls import path

from users.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


async def lazy(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(request.user))


async def awaited(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(await request.auser()))


urlpatterns = [path("lazy/", lazy), path("awaited/", awaited)]


async def test_the_view_raises_for_somebody_logged_in(
    authenticated_async_client: AsyncClient,
) -> None:
    with pytest.raises(SynchronousOnlyOperation, match="You cannot call this from an async"):
        await authenticated_async_client.get("/lazy/")


async def test_the_view_works_for_a_visitor(async_client: AsyncClient) -> None:
    assert (await async_client.get("/lazy/")).content == b"AnonymousUser"


async def test_auser_works_for_somebody_logged_in(
    authenticated_async_client: AsyncClient, user: User
) -> None:
    assert (await authenticated_async_client.get("/awaited/")).content.decode() == str(user)
