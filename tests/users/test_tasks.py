"""Test a background task: what it does, that it fails, and when it is enqueued (Django's Tasks).

Call the function for what it does, run it by the immediate backend to see a failure as a worker
would record it, and note what was enqueued where the task is not the subject. The trap: the
immediate backend runs a task at once, also inside a transaction that is rolled back afterwards.
"""

from functools import partial
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import Group
from django.core import mail
from django.db import transaction

from tests.factories import acreate_user
from users.tasks import send_export

pytestmark = pytest.mark.django_db


@pytest.fixture
async def ada() -> Any:
    """Somebody who is a poet, and not the only one here."""
    await acreate_user()
    ada = await acreate_user(email="ada@example.com")
    await ada.groups.acreate(name="poets")
    return ada


async def test_the_function_mails_people_their_data(ada: Any) -> None:
    sent = await send_export.acall(ada.pk)

    [message] = mail.outbox
    assert (sent, message.to, message.subject) == (1, ["ada@example.com"], "Your data")
    assert message.body == f'{{"username": "{ada.get_username()}", "groups": ["poets"]}}'


async def test_the_immediate_backend_runs_it_and_keeps_the_result(ada: Any) -> None:
    result = await send_export.aenqueue(ada.pk)

    assert (result.status, result.return_value) == ("SUCCESSFUL", 1)
    assert len(mail.outbox) == 1


async def test_a_task_that_fails_is_recorded_and_logged_and_stops_nobody(
    caplog: pytest.LogCaptureFixture,
) -> None:
    result = await send_export.aenqueue(0)

    [error] = result.errors
    assert result.status == "FAILED"
    assert error.exception_class_path.endswith(".DoesNotExist")
    assert "state=FAILED" in caplog.text


async def test_what_was_enqueued_is_noted_and_not_run(ada: Any, enqueued_tasks: list[Any]) -> None:
    await send_export.aenqueue(ada.pk)

    [enqueued] = enqueued_tasks
    assert (enqueued.task, enqueued.args, enqueued.status) == (send_export, [ada.pk], "READY")
    assert mail.outbox == []


def rename(group: Group, user: Any, *, fail: bool) -> None:
    """Change a row, and have the change mailed if it is kept."""
    with transaction.atomic():
        group.name = "novelists"
        group.save()
        transaction.on_commit(partial(send_export.enqueue, user.pk))
        if fail:
            raise OSError("something later in the block")


@pytest.mark.run_on_commit
async def test_on_commit_enqueues_when_the_block_is_committed(
    ada: Any, enqueued_tasks: list[Any]
) -> None:
    await sync_to_async(rename)(await ada.groups.aget(), ada, fail=False)

    assert [enqueued.args for enqueued in enqueued_tasks] == [[ada.pk]]


@pytest.mark.run_on_commit
async def test_and_not_when_it_is_rolled_back(ada: Any, enqueued_tasks: list[Any]) -> None:
    with pytest.raises(OSError, match="later in the block"):
        await sync_to_async(rename)(await ada.groups.aget(), ada, fail=True)

    assert enqueued_tasks == []
