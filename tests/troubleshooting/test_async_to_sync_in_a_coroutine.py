"""``async_to_sync`` under a running event loop.

It starts a loop and waits for it, and a thread that runs one cannot wait. Typical callers are a
signal handler or a model method that does ``async_to_sync(layer.group_send)(…)``, reached from a
coroutine, and the sync ``Client`` (DRF's ``APIClient`` too), which runs async code that way.

Message: RuntimeError: You cannot use AsyncToSync in the same thread as an async event loop - just
    await the async function directly.
Cure: in a coroutine, `await` the function itself; call sync code through `sync_to_async`
Seen on: asgiref 3.13.0, Django 5.2.19 and 6.1.3
Upstream: https://docs.djangoproject.com/en/stable/topics/async/#asgiref.sync.async_to_sync
"""

import re

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from channels.layers import get_channel_layer
from django.http import HttpRequest, HttpResponse
from django.test import AsyncClient, Client
from django.urls import path

pytestmark = pytest.mark.urls(__name__)

MESSAGE = re.escape(
    "You cannot use AsyncToSync in the same thread as an async event loop"
    " - just await the async function directly."
)


async def view(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


urlpatterns = [path("view/", view)]


def announce() -> None:
    """Tell the room, as a ``post_save`` handler would."""
    async_to_sync(get_channel_layer().group_send)("chat_lobby", {"type": "chat.message"})


async def test_async_to_sync_raises_in_a_coroutine() -> None:
    with pytest.raises(RuntimeError, match=MESSAGE):
        announce()


async def test_async_to_sync_works_in_a_thread() -> None:
    layer = get_channel_layer()
    alice = await layer.new_channel()
    await layer.group_add("chat_lobby", alice)

    await sync_to_async(announce)()

    assert await layer.receive(alice) == {"type": "chat.message"}


async def test_the_sync_client_raises_in_a_coroutine(client: Client) -> None:
    with pytest.raises(RuntimeError, match=MESSAGE):
        client.get("/view/")


async def test_the_async_client_is_awaited(async_client: AsyncClient) -> None:
    assert (await async_client.get("/view/")).status_code == 200
