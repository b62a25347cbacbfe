"""A server that asks Django for its lifespan.

uvicorn and granian tell an application when they start and stop. Django knows requests only, and
raises: the servers note that in their log and serve on, a test that waits for the start fails.
Where something must be closed at the stop, a pool of HTTP connections say, answer in the router.

Message: ValueError: Django can only handle ASGI/HTTP connections, not lifespan.
Cure: copy `myproject/lifespan.py`, `"lifespan": Lifespan(…)`; to be quiet `uvicorn --lifespan off`
Seen on: Django 5.2.19 and 6.1.3, channels 4.3.2, uvicorn 0.54.0, granian 2.8.7
Upstream: https://code.djangoproject.com/ticket/31508
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application

from myproject.lifespan import Lifespan


class Pool:
    """What an application opens once, and has to close."""

    state = "new"

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        self.state = "open"
        yield
        self.state = "closed"


def start(application: Any) -> Any:
    communicator: Any = ApplicationCommunicator
    return communicator(application, {"type": "lifespan", "state": {}})


async def test_django_refuses() -> None:
    server = start(get_asgi_application())

    await server.send_input({"type": "lifespan.startup"})

    with pytest.raises(ValueError, match="can only handle ASGI/HTTP connections, not lifespan"):
        await server.wait()


async def test_so_does_a_router_that_has_no_entry_for_it() -> None:
    server = start(ProtocolTypeRouter({"http": get_asgi_application()}))

    await server.send_input({"type": "lifespan.startup"})

    with pytest.raises(ValueError, match="No application configured for scope type 'lifespan'"):
        await server.wait()


async def test_with_an_entry_the_application_opens_and_closes() -> None:
    pool = Pool()
    server = start(ProtocolTypeRouter({"lifespan": Lifespan(pool.opened)}))

    await server.send_input({"type": "lifespan.startup"})
    assert await server.receive_output() == {"type": "lifespan.startup.complete"}
    assert pool.state == "open"

    await server.send_input({"type": "lifespan.shutdown"})

    assert await server.receive_output() == {"type": "lifespan.shutdown.complete"}
    assert pool.state == "closed"
