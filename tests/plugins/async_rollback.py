"""Let async tests roll back: the async ORM's thread shares the test's database connections."""

from collections.abc import Iterator
from unittest.mock import patch

import pytest
from asgiref.sync import SyncToAsync
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper


@pytest.fixture(autouse=True)
def _async_rollback(request: pytest.FixtureRequest) -> Iterator[None]:
    if "_django_db_helper" not in request.fixturenames and not request.node.get_closest_marker(
        "django_db"
    ):
        yield
        return
    request.getfixturevalue("_django_db_helper")
    shared = {alias: connections[alias] for alias in connections}
    executor = SyncToAsync.single_thread_executor

    def install(replacements: dict[str, BaseDatabaseWrapper]) -> dict[str, BaseDatabaseWrapper]:
        before = {alias: connections[alias] for alias in replacements}
        for alias, connection in replacements.items():
            connections[alias] = connection
        return before

    for connection in shared.values():
        connection.inc_thread_sharing()
    before = executor.submit(install, shared).result()
    with patch(
        "django.db.backends.base.base.BaseDatabaseWrapper.close_if_unusable_or_obsolete",
        lambda self: None,
    ):
        yield
    executor.submit(install, before).result()
    for connection in shared.values():
        connection.dec_thread_sharing()
