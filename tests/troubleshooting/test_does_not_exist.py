"""An unknown id that answers 500.

``aget`` raises ``DoesNotExist``, and Django turns only ``Http404`` into a 404. In a test the
client re-raises the exception, so it looks like a failure of the test; in production it is a 500.

Message: users.models.User.DoesNotExist: User matching query does not exist.
Told by: nobody made the row: the test asks for an unknown id
Cure: catch `DoesNotExist` in the view, or `await aget_object_or_404(User, pk=…)`
Seen on: Django 5.2.19 and 6.1.3
Upstream: https://docs.djangoproject.com/en/stable/topics/http/shortcuts/#get-object-or-404
"""

import pytest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import aget_object_or_404
from django.test import AsyncClient
from django.urls import path

from users.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


async def unguarded(request: HttpRequest, pk: int) -> HttpResponse:
    return HttpResponse((await User.objects.aget(pk=pk)).name)


async def guarded(request: HttpRequest, pk: int) -> HttpResponse:
    return HttpResponse((await aget_object_or_404(User, pk=pk)).name)


urlpatterns = [path("unguarded/<int:pk>/", unguarded), path("guarded/<int:pk>/", guarded)]


async def test_an_unknown_id_raises_in_the_test(async_client: AsyncClient) -> None:
    with pytest.raises(User.DoesNotExist, match="matching query does not exist"):
        await async_client.get("/unguarded/1/")


async def test_an_unknown_id_answers_500_in_production(async_client: AsyncClient) -> None:
    async_client.raise_request_exception = False

    assert (await async_client.get("/unguarded/1/")).status_code == 500


async def test_an_unknown_id_answers_404(async_client: AsyncClient) -> None:
    assert (await async_client.get("/guarded/1/")).status_code == 404
