"""What sharing a connection must not break.

The same behaviour as in the small suites, part by part and in this process: useful when one of
those fails, or when you change ``async_rollback`` for a project of your own. Each test commits,
so nothing is shared until it says so.
Code: tests/plugins/async_rollback.py
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth.models import Group
from django.db import Error, connection, connections, transaction
from django.db.backends.signals import connection_created
from django.db.utils import ConnectionHandler

from tests.plugins.async_rollback import (
    EscapedConnectionError,
    SharedConnections,
    chosen_threads,
    close_strays,
    pytest_runtest_call,
    shared_key,
    strays,
)

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db(transaction=True)


def in_a_thread(function: Callable[[], Any]) -> Any:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(function).result()


def test_a_thread_outside_the_choice_is_refused_with_its_line_and_the_cure() -> None:
    with (
        SharedConnections("sensitive"),
        pytest.raises(EscapedConnectionError, match=r"_parts\.py:\d+ in <lambda>"),
    ):
        in_a_thread(lambda: Group.objects.count())


def test_an_escape_that_was_swallowed_fails_the_test_all_the_same() -> None:
    escape = EscapedConnectionError("one")
    item: Any = SimpleNamespace(stash={shared_key: SimpleNamespace(escapes=[escape])})
    call = pytest_runtest_call(item)
    next(call)

    with pytest.raises(EscapedConnectionError, match="one"):
        call.send(None)


def test_a_process_that_was_forked_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with SharedConnections("all"):
        monkeypatch.setattr(os, "getpid", lambda: 0)

        with pytest.raises(EscapedConnectionError, match="A forked process used"):
            Group.objects.count()


def test_a_misspelt_choice_names_the_right_ones(request: pytest.FixtureRequest) -> None:
    request.node.add_marker(pytest.mark.rollback_threads("many"))

    with pytest.raises(pytest.UsageError, match="'many': choose one of \\('all', 'sensitive'"):
        chosen_threads(request.node)


def test_a_block_left_open_is_rolled_back() -> None:
    with SharedConnections("all"):
        transaction.atomic().__enter__()
        Group.objects.create(name="in the block")

    assert not connection.in_atomic_block
    assert not Group.objects.exists()


def test_a_broken_connection_is_left_for_rollback(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise Error

    with transaction.atomic():
        with SharedConnections("all"):
            monkeypatch.setattr(connection, "vendor", "sqlite")  # says that it is always usable
            monkeypatch.setattr(connection, "cursor", fail)

        assert connection.needs_rollback


def test_another_connection_handler_is_left_alone() -> None:
    handler = ConnectionHandler(connections.settings)

    with SharedConnections("all"):
        other = handler["default"]

    assert other is not connections["default"]


def test_a_block_that_cannot_be_entered_does_not_keep_the_lock() -> None:
    with SharedConnections("all"):
        with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
            transaction.atomic(durable=True).__enter__()

        assert in_a_thread(Group.objects.count) == 0


def test_a_shared_connection_may_be_opened_late() -> None:
    with SharedConnections("all") as shared:
        connection_created.send(sender=None, connection=connections["default"])

        assert not shared.escapes


def test_the_connections_of_other_threads_are_closed_at_the_end() -> None:
    in_a_thread(Group.objects.count)
    [opened] = strays

    close_strays()

    assert opened.connection is None
