"""``LoginRequiredMixin`` on an async view.

The mixin decides in ``dispatch``, which is sync: it looks at ``request.user`` in the event loop,
and returns a redirect where Django awaits a coroutine. So whoever is logged in gets one error, and
whoever is not gets another.

Message: TypeError: object HttpResponseRedirect can't be used in 'await' expression
Message: You cannot call this from an async context - use a thread or sync_to_async.
Told by: the view has `LoginRequiredMixin`, or another that overrides `dispatch`
Cure: `login_required(Page.as_view())`, in the URLconf or in a mixin's `as_view` (users/pages.py)
Seen on: Django 5.2.19 and 6.1.3
Upstream: https://code.djangoproject.com/ticket/37124
"""

import pytest
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import SynchronousOnlyOperation
from django.http import HttpRequest, HttpResponse
from django.test import AsyncClient
from django.urls import path
from django.views import View

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


class Page(View):
    async def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse(str(await request.auser()))


class MixinPage(LoginRequiredMixin, Page):
    login_url = "/login/"


urlpatterns = [
    path("mixin/", MixinPage.as_view()),
    path("decorator/", login_required(Page.as_view(), login_url="/login/")),
]


async def test_a_visitor_s_redirect_is_awaited(async_client: AsyncClient) -> None:
    with pytest.raises(
        TypeError, match=r"object HttpResponseRedirect can't be used in 'await' expression"
    ):
        await async_client.get("/mixin/")


async def test_somebody_s_session_is_read_in_the_event_loop(
    authenticated_async_client: AsyncClient,
) -> None:
    with pytest.raises(SynchronousOnlyOperation, match="You cannot call this from an async"):
        await authenticated_async_client.get("/mixin/")


async def test_the_decorator_sends_the_visitor_to_the_login_page(
    async_client: AsyncClient,
) -> None:
    response = await async_client.get("/decorator/")

    assert (response.status_code, response["Location"]) == (302, "/login/?next=/decorator/")


async def test_the_decorator_lets_somebody_in(authenticated_async_client: AsyncClient) -> None:
    assert (await authenticated_async_client.get("/decorator/")).status_code == 200
