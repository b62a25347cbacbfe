"""Note which tasks are enqueued, without running one.

Use the fixture where a request enqueues a task and the task is not the subject. The trap is the
immediate backend: a test of a view then sends the mail, too.
"""

from typing import Any

import pytest
from django.core import mail

from users.models import User
from users.tasks import send_export


@pytest.mark.django_db
async def test_a_task_is_noted_with_its_arguments_and_not_run(
    enqueued_tasks: list[Any], user: User
) -> None:
    await send_export.aenqueue(user.pk)
    await send_export.aenqueue(user_id=8)

    assert [task.task for task in enqueued_tasks] == [send_export, send_export]
    assert [(task.args, task.kwargs) for task in enqueued_tasks] == [
        ([user.pk], {}),
        ([], {"user_id": 8}),
    ]
    assert mail.outbox == []


@pytest.mark.parametrize("turn", ["one test", "another"])
def test_no_test_finds_what_another_has_enqueued(turn: str, enqueued_tasks: list[Any]) -> None:
    send_export.enqueue(7)

    assert len(enqueued_tasks) == 1
