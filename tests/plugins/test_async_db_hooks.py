"""Commit hooks that run although the test rolls back.

Mark a test ``run_on_commit``, or set it for the suite, where the code under test relies on its
hooks: a transaction that is rolled back never runs them, and a suite that moves away from
``transaction=True`` loses them without a word.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connection, transaction
from django.test import TestCase

from tests.plugins.async_db import pytest_configure

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = [pytest.mark.django_db, pytest.mark.run_on_commit]


class Blocks:
    """Code with ``on_commit`` hooks, and a record of what happens when."""

    def __init__(self) -> None:
        self.events: list[str] = []

    def hook(self, event: str) -> Callable[[], None]:
        return lambda: self.events.append(event)

    def failing_hook(self) -> None:
        raise ConnectionError("mail server is down")

    def no_block(self) -> None:
        transaction.on_commit(self.hook("hook"))
        self.events.append("after on_commit")

    def nested(self) -> None:
        with transaction.atomic():
            with transaction.atomic():
                transaction.on_commit(self.hook("hook"))
            self.events.append("outer block")

    def one_after_another(self) -> None:
        for number in (1, 2):
            with transaction.atomic():
                transaction.on_commit(self.hook(f"hook {number}"))

    def inner_failure(self) -> None:
        with transaction.atomic():
            transaction.on_commit(self.hook("outer hook"))
            with suppress(LookupError), transaction.atomic():
                transaction.on_commit(self.hook("inner hook"))
                raise LookupError

    def outer_failure(self) -> None:
        with suppress(LookupError), transaction.atomic():
            transaction.on_commit(self.hook("hook"))
            raise LookupError

    def set_rollback(self) -> None:
        with transaction.atomic():
            transaction.on_commit(self.hook("hook"))
            transaction.set_rollback(True)

    def hook_in_hook(self) -> None:
        with transaction.atomic():
            transaction.on_commit(lambda: transaction.on_commit(self.hook("hook of a hook")))

    def robust(self) -> None:
        with transaction.atomic():
            transaction.on_commit(self.failing_hook, robust=True)
            transaction.on_commit(self.hook("next hook"))


@pytest.mark.parametrize(
    ("code", "events"),
    [
        pytest.param(Blocks.no_block, ["hook", "after on_commit"], id="at once without a block"),
        pytest.param(Blocks.nested, ["outer block", "hook"], id="after the outermost block"),
        pytest.param(Blocks.one_after_another, ["hook 1", "hook 2"], id="once"),
        pytest.param(Blocks.inner_failure, ["outer hook"], id="not of an inner block that fails"),
        pytest.param(Blocks.outer_failure, [], id="not of a block that fails"),
        pytest.param(Blocks.set_rollback, [], id="not of a block that is to be rolled back"),
        pytest.param(Blocks.hook_in_hook, ["hook of a hook"], id="of a hook"),
        pytest.param(Blocks.robust, ["next hook"], id="despite the error of a robust one"),
    ],
)
async def test_commit_hooks_run_where_the_test_would_have_committed(
    code: Callable[[Blocks], None], events: list[str]
) -> None:
    blocks = Blocks()

    await sync_to_async(code)(blocks)

    assert blocks.events == events


async def test_a_robust_hooks_error_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    await sync_to_async(Blocks().robust)()

    text = "Error calling Blocks.failing_hook in on_commit() (mail server is down)."
    assert caplog.record_tuples == [("django.db.backends.base", logging.ERROR, text)]  # as Django's


def test_a_robust_hook_may_fail_the_test() -> None:
    with pytest.raises(pytest.fail.Exception):
        transaction.on_commit(pytest.fail, robust=True)


async def test_another_hooks_error_reaches_whoever_leaves_the_block() -> None:
    @transaction.atomic
    def register() -> None:
        connection.on_commit(Blocks().failing_hook)

    with pytest.raises(ConnectionError):
        await sync_to_async(register)()


async def test_hooks_run_in_the_thread_that_leaves_the_block() -> None:
    threads: list[Any] = []

    @transaction.atomic
    def register() -> None:
        threads.append(threading.current_thread())
        transaction.on_commit(lambda: threads.append(threading.current_thread()))

    await sync_to_async(register)()

    assert threads[0] is threads[1]


async def test_a_hook_does_not_wait_for_the_block_of_another_thread() -> None:
    blocks, held, release = Blocks(), threading.Event(), threading.Event()

    def hold_and_fail() -> None:
        with transaction.atomic():
            held.set()
            release.wait()
            raise LookupError

    holding = asyncio.create_task(asyncio.to_thread(hold_and_fail))
    await asyncio.to_thread(held.wait)
    await asyncio.to_thread(blocks.no_block)
    release.set()

    with pytest.raises(LookupError):
        await holding
    assert blocks.events == ["hook", "after on_commit"]


class DjangoTestCase(TestCase):
    def test_a_test_case_captures_its_hooks_itself(self) -> None:
        blocks = Blocks()
        hook = blocks.hook("hook")

        with self.captureOnCommitCallbacks(execute=True) as callbacks:
            transaction.on_commit(hook)
            blocks.events.append("after on_commit")

        assert callbacks == [hook]
        assert blocks.events == ["after on_commit", "hook"]


def test_an_upstream_without_its_fixture_is_refused(
    pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("pytest_django.fixtures._django_db_helper")

    with pytest.raises(pytest.UsageError, match=r"async_db wraps .* no commit hook would run\.$"):
        pytest_configure(pytestconfig)


def test_being_loaded_before_pytest_django_is_refused(
    pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugins = pytestconfig.pluginmanager.list_name_plugin()
    monkeypatch.setattr(pytestconfig.pluginmanager, "list_name_plugin", lambda: plugins[::-1])

    with pytest.raises(pytest.UsageError, match=r"before pytest-django, .* not with -p\.$"):
        pytest_configure(pytestconfig)
