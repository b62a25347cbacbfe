"""A management command with ``async def handle``.

Django calls ``handle`` and writes what it returns. A coroutine is no text, so the command fails,
and has done nothing. Run the coroutine from a plain ``handle``; a test calls it in a thread.

Message: AttributeError: 'coroutine' object has no attribute 'endswith'
Cure: `def handle(…): async_to_sync(self.ahandle)()`; test it with `asyncio.to_thread(call_command)`
Seen on: Django 5.2.19 and 6.1.3
Upstream: https://docs.djangoproject.com/en/stable/howto/custom-management-commands/
"""

import asyncio
from io import StringIO
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.core.management import BaseCommand, call_command


class AsyncCommand(BaseCommand):
    """Wrong."""

    requires_system_checks = []

    async def handle(self, *args: Any, **options: Any) -> str:  # type: ignore[override]
        return "done"  # pragma: no cover (which is the point: nobody awaits it)


class Command(BaseCommand):
    """Right."""

    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> str:
        return async_to_sync(self.ahandle)()

    async def ahandle(self) -> str:
        return "done"


@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited")
def test_an_async_handle_is_never_awaited() -> None:
    with pytest.raises(AttributeError, match="'coroutine' object has no attribute 'endswith'"):
        call_command(AsyncCommand(), stdout=StringIO())


async def test_a_plain_handle_in_a_thread_runs_the_coroutine() -> None:
    output = StringIO()

    await asyncio.to_thread(call_command, Command(), stdout=output)

    assert output.getvalue() == "done\n"
