"""Tasks that are enqueued in a test, and run only if it says so.

Needs: pytest-django, and django-tasks on Django 5.2
"""

from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django import Settings

try:
    from django.tasks import signals
except ImportError:  # pragma: no cover - Django 5.2 has them as a package
    from django_tasks import signals  # type: ignore[no-redef]


@pytest.fixture
def enqueued_tasks(settings: Settings) -> Iterator[list[Any]]:
    """Run no task, and give what was enqueued, in order: each with ``task``, ``args``, ``kwargs``.

    The dummy backend has a list as well, but one for each thread; the signal comes from all.
    """
    backend = f"{signals.__package__}.backends.dummy.DummyBackend"
    settings.TASKS = {"default": {"BACKEND": backend}}
    enqueued: list[Any] = []

    def note(task_result: Any, **kwargs: Any) -> None:
        enqueued.append(task_result)

    signals.task_enqueued.connect(note)
    yield enqueued
    signals.task_enqueued.disconnect(note)
