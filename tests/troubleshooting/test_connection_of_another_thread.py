"""A database connection handed to another thread.

``django.db.connection`` is a different one in each thread. What was taken from it in one, the
connection itself, a cursor, a method, may not be used in another, and ``sync_to_async`` is another.

Message: DatabaseWrapper objects created in a thread can only be used in that same thread.
Cure: take the connection inside the function that `sync_to_async` runs
Seen on: Django 5.2.19 and 6.1.3, asgiref 3.13.0
Upstream: https://github.com/django/django/pull/15617
"""

import pytest
from asgiref.sync import sync_to_async
from django.db import connection, connections
from django.db.utils import DatabaseError


async def test_a_connection_made_here_cannot_be_used_there() -> None:
    made_here = connections.create_connection("default")

    with pytest.raises(
        DatabaseError, match="DatabaseWrapper objects created in a thread can only be used in that"
    ):
        await sync_to_async(made_here.commit)()


@pytest.mark.django_db
async def test_a_connection_taken_in_the_thread_works() -> None:
    def vendor_after_a_query() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return connection.vendor

    assert await sync_to_async(vendor_after_a_query)() == connection.vendor
