"""A task that runs for what was never committed.

``enqueue`` does not wait for the transaction around it. The immediate backend has run the task
before the block ends, whatever becomes of the block; a worker's may read the database before the
row is there.

Message: none; an e-mail about a row that does not exist (or, in a worker, `DoesNotExist`)
Cure: `transaction.on_commit(partial(task.enqueue, …))`
Seen on: Django 6.0.10 and 6.1.3, django-tasks 0.12.0
Upstream: https://docs.djangoproject.com/en/stable/topics/tasks/#transactions
"""

from functools import partial
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import Group
from django.db import transaction

try:
    from django.tasks import task
except ImportError:  # pragma: no cover - Django 5.2 has them as a package
    from django_tasks import task  # type: ignore[no-redef]

pytestmark = [pytest.mark.django_db, pytest.mark.run_on_commit]

greeted: list[str] = []


@task
def greet(name: str) -> None:
    greeted.append(name)


@pytest.fixture(autouse=True)
def _nobody_greeted() -> None:
    greeted.clear()


def create(name: str, *, enqueue: Any) -> None:
    with transaction.atomic():
        Group.objects.create(name=name)
        enqueue(name)
        raise OSError("something later in the block")


def enqueue_on_commit(name: str) -> None:
    transaction.on_commit(partial(greet.enqueue, name))


@pytest.mark.parametrize(
    ("enqueue", "expected"),
    [(greet.enqueue, ["poets"]), (enqueue_on_commit, [])],
    ids=["enqueue", "on commit"],
)
async def test_who_is_greeted_although_nothing_was_committed(
    enqueue: Any, expected: list[str]
) -> None:
    with pytest.raises(OSError, match="something later"):
        await sync_to_async(create)("poets", enqueue=enqueue)

    assert not await Group.objects.aexists()
    assert greeted == expected
