"""An async ``setUp`` in Django's ``TestCase``.

Django awaits async test *methods*, and calls ``setUp``, ``tearDown`` and ``setUpTestData`` as they
are. An async one is never awaited; ``asyncSetUp``, which unittest's own
``IsolatedAsyncioTestCase`` would run, is not even called.

Message: RuntimeWarning: coroutine 'SignUp.setUp' was never awaited
Message: RuntimeWarning: coroutine 'SignUp.tearDown' was never awaited
Cure: a sync `setUp` (`async_to_sync` for what must be async), or pytest and async fixtures
Seen on: Django 5.2.19 and 6.1.3
Upstream: https://docs.djangoproject.com/en/stable/topics/testing/tools/#testing-asynchronous-code
"""

import unittest
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.test import SimpleTestCase

Base: Any = SimpleTestCase  # a type checker refuses an async `setUp`: listen to it


class SignUp(Base):
    prepared = False

    async def setUp(self) -> None:
        self.prepared = True

    async def check_prepared(self) -> None:
        assert self.prepared


class SignUpWithSyncSetUp(Base):
    def setUp(self) -> None:
        async_to_sync(SignUp.setUp)(self)

    async def check_prepared(self) -> None:
        assert self.prepared


def test_an_async_set_up_is_never_awaited() -> None:
    result = unittest.TestResult()

    with pytest.warns(RuntimeWarning, match=r"coroutine 'SignUp\.setUp' was never awaited"):
        SignUp("check_prepared")(result)

    assert len(result.failures) == 1


def test_a_sync_set_up_may_run_async_code() -> None:
    result = unittest.TestResult()

    SignUpWithSyncSetUp("check_prepared")(result)

    assert result.testsRun == 1
    assert result.wasSuccessful()
