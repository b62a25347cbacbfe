"""An async request that spends its time in threads.

Each ``sync_to_async`` hands the work to a thread and waits. Django's ``MiddlewareMixin`` does so
up to twice a middleware, even for one that does nothing; the default stack makes fifteen hops a
request. Count them: the figure is exact where a benchmark is noise.

Message: none; async views are slower than their sync twins
Cure: native async middleware for what each request passes; one hop for a block of sync work
Seen on: Django 5.2.19 and 6.1.3, asgiref 3.13.0
Upstream: https://docs.djangoproject.com/en/stable/topics/async/#performance
"""

import pytest
from asgiref.sync import SyncToAsync
from django.http import HttpRequest, HttpResponse
from django.test import AsyncClient
from django.urls import path
from pytest_django import Settings
from pytest_mock import MockerFixture, MockType

from users.models import User

pytestmark = pytest.mark.urls(__name__)

BARE_REQUEST = 2  # `request_started` and `response.close`
# What `startproject` writes.
DEFAULT_STACK = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
# The same, without a hop for each of their hooks.
STACK_IN_LOOP = [f"myproject.in_loop.{name.rpartition('.')[2]}" for name in DEFAULT_STACK]


async def view(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


urlpatterns = [path("", view)]


@pytest.fixture
def hops(mocker: MockerFixture) -> MockType:
    """Count the calls of ``sync_to_async`` functions."""
    return mocker.spy(SyncToAsync, "__call__")


async def test_the_default_stack_hops_for_each_middleware(
    async_client: AsyncClient, hops: MockType, settings: Settings
) -> None:
    settings.MIDDLEWARE = DEFAULT_STACK

    await async_client.get("/")

    assert hops.call_count == BARE_REQUEST + 13


async def test_the_same_stack_in_the_loop_does_not_hop(
    async_client: AsyncClient, hops: MockType, settings: Settings
) -> None:
    settings.MIDDLEWARE = STACK_IN_LOOP

    await async_client.get("/")

    assert hops.call_count == BARE_REQUEST


async def test_a_middleware_mixin_costs_two_hops(
    async_client: AsyncClient, hops: MockType, settings: Settings
) -> None:
    settings.MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]

    await async_client.get("/")

    assert hops.call_count == BARE_REQUEST + 2


async def test_a_native_middleware_costs_none(
    async_client: AsyncClient, hops: MockType, settings: Settings
) -> None:
    settings.MIDDLEWARE = ["myproject.middleware.AsyncTimingMiddleware"]

    await async_client.get("/")

    assert hops.call_count == BARE_REQUEST


@pytest.mark.django_db
async def test_a_queryset_costs_one_hop_however_long(
    sample_users: list[User], hops: MockType
) -> None:
    assert [person async for person in User.objects.all()] == sample_users

    assert hops.call_count == 1
