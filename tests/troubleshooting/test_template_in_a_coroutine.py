"""A template rendered in a coroutine.

The first rendering reads the file, and the loader's cache hides that from every later one: the
test that comes first fails, and in another order another one. The context may also hold a lazy
queryset, whose query the template runs.

Message: blockbuster.blockbuster.BlockingError: Blocking call to io.TextIOWrapper.read
Message: blockbuster.blockbuster.BlockingError: Blocking call to …
Message: SynchronousOnlyOperation: You cannot call this from an async context - use a thread or
    sync_to_async.
Told by: the line renders a template, `render(…)`
Cure: `return await sync_to_async(render)(request, template, context)`
Seen on: Django 5.2.19 and 6.1.3, blockbuster 1.5.29
Upstream: https://docs.djangoproject.com/en/stable/topics/async/#async-safety
"""

from pathlib import Path

import pytest
from asgiref.sync import sync_to_async
from blockbuster import BlockingError
from django.core.exceptions import SynchronousOnlyOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.test import AsyncRequestFactory
from pytest_django import Settings

from users.models import User


@pytest.fixture(autouse=True)
def _templates(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "people.txt").write_text("{% for person in people %}{{ person.pk }}{% endfor %}")
    settings.TEMPLATES = [
        {"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [tmp_path]}
    ]


async def blocking(request: HttpRequest) -> HttpResponse:
    return render(request, "people.txt", {"people": User.objects.all()})


async def in_a_thread(request: HttpRequest) -> HttpResponse:
    return await sync_to_async(render)(request, "people.txt", {"people": User.objects.all()})


async def test_the_first_rendering_reads_a_file(async_rf: AsyncRequestFactory) -> None:
    with pytest.raises(BlockingError, match=r"Blocking call to (os\.stat|io\.TextIOWrapper\.read)"):
        await blocking(async_rf.get("/"))


@pytest.mark.django_db
async def test_a_later_rendering_still_queries(async_rf: AsyncRequestFactory) -> None:
    await in_a_thread(async_rf.get("/"))

    with pytest.raises(SynchronousOnlyOperation, match="You cannot call this from an async"):
        await blocking(async_rf.get("/"))


@pytest.mark.django_db
async def test_a_thread_may_read_and_query(async_rf: AsyncRequestFactory, user: User) -> None:
    response = await in_a_thread(async_rf.get("/"))

    assert response.content.decode() == str(user.pk)
