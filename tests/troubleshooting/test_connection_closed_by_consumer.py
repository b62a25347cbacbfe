"""A consumer that closes the test's database connection.

Channels closes old connections before each event and at the disconnect, and takes a connection
within a transaction for a broken one. In Django's ``TestCase`` an async test, and all sync code in
it, shares the main thread, so the connection that is closed holds the test's transaction, and the
class's: every later test of the class fails too. SQLite in memory hides it: it is never closed.

Message: django.db.utils.OperationalError: the connection is closed
Message: django.db.utils.InterfaceError: connection already closed
Message: sqlite3.ProgrammingError: Cannot operate on a closed database.
Cure: copy `tests/plugins/async_rollback.py`; or patch `channels.db.close_old_connections`
Seen on: channels 4.3.2, Django 5.2.19 and 6.1.3, psycopg 3.3.9, SQLite in a file
Upstream: https://github.com/django/channels/issues/1091
"""

from typing import Any

import pytest
from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator
from django.db import connection

from chat.routing import websocket_urlpatterns
from tests.troubleshooting.conftest import RunSuite
from users.models import User

SUITE = """
    from unittest.mock import patch

    from channels.generic.websocket import AsyncWebsocketConsumer
    from channels.testing import WebsocketCommunicator
    from django.test import TestCase
    from django.contrib.auth.models import User

    async def visit():
        await User.objects.acreate(username="alice")
        communicator = WebsocketCommunicator(AsyncWebsocketConsumer.as_asgi(), "/")

        await communicator.connect()
        await communicator.disconnect()

        assert await User.objects.acount() == 1

    class TestPatched(TestCase):
        @patch("channels.db.close_old_connections")
        async def test_visit(self, close_old_connections):
            await visit()

    class TestAsDocumented(TestCase):
        async def test_visit(self):
            await visit()
"""

MESSAGES = {
    "sqlite": "E *ProgrammingError: Cannot operate on a closed database.",
    "postgresql": "E *OperationalError: the connection is closed",
}


def test_the_transaction_is_lost_unless_closing_is_patched(
    run_django_suite: RunSuite, database: dict[str, Any]
) -> None:
    result = run_django_suite(SUITE, database, "-v")

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*TestPatched::* PASSED*", "*TestAsDocumented::* FAILED*"])
    result.stdout.fnmatch_lines([MESSAGES[connection.vendor]])


@pytest.mark.django_db
async def test_with_a_rollback_plugin_the_row_outlives_the_socket(user: User) -> None:
    communicator = WebsocketCommunicator(URLRouter(websocket_urlpatterns), "/ws/chat/lobby/")

    await communicator.connect()
    await communicator.disconnect()

    assert await User.objects.aget() == user
