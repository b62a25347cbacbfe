"""A robust commit hook that is a ``functools.partial``.

``on_commit(…, robust=True)`` promises that a hook that fails is logged, and the request goes on.
Until Django 6.1 its log line wants the hook's ``__qualname__``; a ``partial`` has none, so the
failure is followed by another, which nothing catches.

Message: AttributeError: 'functools.partial' object has no attribute '__qualname__'
Cure: give `on_commit` a function or a lambda
Seen on: Django 5.2.19 and 6.0.10; not on 6.1.3
Upstream: https://docs.djangoproject.com/en/stable/topics/db/transactions/#performing-actions-after-commit
"""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

import django
import pytest
from asgiref.sync import sync_to_async
from django.db import transaction

pytestmark = pytest.mark.django_db(transaction=True)

IS_MENDED = django.VERSION >= (6, 1)


def tell(whom: str) -> None:
    raise ConnectionError(f"{whom} cannot be reached")


@sync_to_async
def commit(hook: Callable[[], None]) -> None:
    with transaction.atomic():
        transaction.on_commit(hook, robust=True)


async def test_a_partial_that_fails_breaks_the_request_before_6_1(
    caplog: pytest.LogCaptureFixture,
) -> None:
    outcome: Any
    [outcome] = await asyncio.gather(commit(partial(tell, "Ada")), return_exceptions=True)

    assert isinstance(outcome, AttributeError) != IS_MENDED
    assert ("Ada cannot be reached" in caplog.text) == IS_MENDED


async def test_a_lambda_that_fails_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    await commit(lambda: tell("Ada"))

    assert "Ada cannot be reached" in caplog.text
