"""Atomic blocks that are left open, or not as they should be.

At the end of a test its blocks are rolled back, whichever thread entered them, and those of its
class stay. The trap is a block that outlives its transaction: to leave it later would roll back
what the next test has written.

Code: tests/plugins/async_rollback.py
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth.models import Group
from django.db import Error, connection, transaction

from tests.plugins.async_rollback import EscapedConnectionError, in_sensitive_thread, state

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db


def in_a_thread(function: Callable[[], Any]) -> Any:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(function).result()


def test_a_block_left_open_is_rolled_back() -> None:
    depth = len(connection.atomic_blocks)
    transaction.atomic().__enter__()
    Group.objects.create(name="in the block")

    state.settle()

    assert len(connection.atomic_blocks) == depth
    assert not Group.objects.exists()


def test_a_block_that_the_orms_thread_left_open_is_rolled_back() -> None:
    depth = len(connection.atomic_blocks)
    in_sensitive_thread(transaction.atomic().__enter__)

    state.settle()

    assert len(connection.atomic_blocks) == depth
    assert in_sensitive_thread(Group.objects.count) == 0


def test_a_class_goes_on_sharing_when_its_test_ends() -> None:
    depth = len(connection.atomic_blocks)
    state.begin(["default"])
    transaction.atomic().__enter__()  # by what has been set up for the class

    state.end(["default"])

    assert len(connection.atomic_blocks) == depth
    assert in_a_thread(Group.objects.count) == 0
    assert "default" in state.shared


@pytest.mark.rollback_threads("sensitive")
def test_a_block_of_another_transaction_is_refused_to_the_main_thread_under_each_choice() -> None:
    block = transaction.atomic()

    with pytest.raises(
        EscapedConnectionError, match=r"^Thread 'MainThread' left a block of ano.*py"
    ):
        block.__exit__(None, None, None)

    state.escapes.clear()


def test_a_broken_connection_is_left_for_rollback(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise Error

    monkeypatch.setattr(connection, "vendor", "sqlite")  # says that it is always usable
    monkeypatch.setattr(connection, "cursor", fail)

    state.settle()

    assert connection.needs_rollback


def test_other_databases_tell_themselves_that_a_connection_is_broken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connection, "vendor", "postgresql")

    state.settle()

    assert not connection.needs_rollback


def test_a_block_that_cannot_be_entered_does_not_keep_the_lock() -> None:
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        transaction.atomic(durable=True).__enter__()

    assert in_a_thread(Group.objects.count) == 0
