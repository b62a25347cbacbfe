"""Which tests ``--rollback-all`` rolls back.

Read the list before you move a suite: what commits on purpose, starts a server or needs its ids
from the beginning keeps its ``transaction=True``.
Code: tests/plugins/async_db.py
"""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from unittest import mock

import django.test
import pytest
from asgiref.sync import sync_to_async
from django.db import connection

from tests.plugins.async_db import rolls_back_instead

COMMITS = pytest.mark.django_db(transaction=True)


async def is_async() -> None: ...


def is_sync() -> None: ...


def request_of(
    *marks: pytest.MarkDecorator, fixtures: tuple[str, ...] = (), test: Any = is_async
) -> Any:
    """Return the request of a test with these marks and fixtures."""
    marker = {mark.name: mark.mark for mark in marks}.get
    config = SimpleNamespace(getoption={"rollback_all": True}.__getitem__)
    node = SimpleNamespace(get_closest_marker=marker, function=test)
    return SimpleNamespace(node=node, fixturenames=[*fixtures], config=config)


@pytest.mark.parametrize(
    "request_of_test",
    [
        pytest.param(request_of(COMMITS), id="marked"),
        pytest.param(request_of(fixtures=("transactional_db",)), id="by a fixture"),
        pytest.param(
            request_of(pytest.mark.django_db, fixtures=("transactional_db",)), id="by both"
        ),
    ],
)
def test_an_async_test_that_asks_to_commit_is_rolled_back(request_of_test: Any) -> None:
    assert rolls_back_instead(request_of_test)


@pytest.mark.parametrize(
    "request_of_test",
    [
        pytest.param(request_of(fixtures=("db",)), id="rolled back anyway"),
        pytest.param(
            request_of(pytest.mark.django_db(transaction=False)), id="marked to be rolled back"
        ),
        pytest.param(request_of(COMMITS, test=is_sync), id="sync"),
        pytest.param(request_of(COMMITS, pytest.mark.real_transaction), id="marked to stay"),
        pytest.param(request_of(COMMITS, fixtures=("live_server",)), id="with a server"),
        pytest.param(request_of(COMMITS, fixtures=("django_db_reset_sequences",)), id="with ids"),
        pytest.param(
            request_of(pytest.mark.django_db(transaction=True, reset_sequences=True)),
            id="marked for ids",
        ),
    ],
)
def test_others_are_left_as_they_are(request_of_test: Any) -> None:
    assert not rolls_back_instead(request_of_test)


def test_without_the_option_none_is() -> None:
    request = request_of(COMMITS)
    request.config.getoption = {"rollback_all": False}.__getitem__

    assert not rolls_back_instead(request)


@pytest.fixture(scope="class")  # before the fixtures of the test, and so before the database's
def rollback_all(request: pytest.FixtureRequest) -> Iterator[None]:
    """As if pytest had been called with ``--rollback-all``."""
    with mock.patch.object(request.config.option, "rollback_all", True):
        yield


@COMMITS
async def test_transaction_true_is_rolled_back_on_request(rollback_all: None) -> None:
    assert await sync_to_async(lambda: connection.in_atomic_block)()


@COMMITS
async def test_what_it_imports_is_not_replaced(rollback_all: None) -> None:
    assert not issubclass(django.test.TransactionTestCase, django.test.TestCase)
