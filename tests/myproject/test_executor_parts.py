"""Test what a request asks of its thread, and when, without any thread.

Put a stand-in in the place of the lease, and send what a view sends. The trap is a test that looks
at answers only: they are the same if a thread is given back late, or never.
Code: myproject/executor.py
"""

from typing import Any
from unittest.mock import AsyncMock, Mock

import pytest
from pytest_mock import MockerFixture

from myproject.executor import Message, PersistentThreads

START: Message = {"type": "http.response.start", "status": 200, "headers": []}
PART: Message = {"type": "http.response.body", "body": b"part", "more_body": True}
END: Message = {"type": "http.response.body", "body": b"end"}


@pytest.fixture
def lease(mocker: MockerFixture) -> Mock:
    """What the next request has for a lease."""
    lease: Mock = mocker.patch("myproject.executor.Lease").return_value
    lease.refused = False
    return lease


async def test_a_thread_is_given_back_before_a_part_is_sent_and_left_at_the_end(
    lease: Mock,
) -> None:
    async def stream(scope: Message, receive: Any, send: Any) -> None:
        for message in (START, PART, PART, END):
            await send(message)

    lease.send = AsyncMock()
    application = PersistentThreads(stream, few=1, most=1)
    await application({"path": "/"}, None, lease.send)

    assert [(name, *arguments) for name, arguments, _ in lease.mock_calls] == [
        ("send", START),
        ("rest",),
        ("send", PART),
        ("rest",),
        ("send", PART),
        ("send", END),
        ("part", application.endings),
        ("end",),
    ]


async def test_a_defect_is_no_request_that_was_refused(lease: Mock) -> None:
    async def fail(scope: Message, receive: Any, send: Any) -> None:
        lease.refused = True
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await PersistentThreads(fail, few=1, most=1)({"path": "/"}, None, AsyncMock())


def test_a_reserved_path_has_one_thread_and_so_has_the_closing_of_responses() -> None:
    application = PersistentThreads(AsyncMock(), few=2, most=5, reserved=["/healthz"])

    pools = [application.threads, application.endings, application.reserved["/healthz"]]
    assert [(pool.name, pool.few, pool.most) for pool in pools] == [
        ("http", 2, 5),
        ("http-end", 1, 1),
        ("http/healthz", 1, 1),
    ]


def test_all_threads_are_waited_for_a_second_altogether(mocker: MockerFixture) -> None:
    thread = mocker.Mock()
    mocker.patch("myproject.executor.Threads").return_value.close.return_value = [thread]
    mocker.patch("myproject.executor.monotonic", side_effect=[100.0, 100.25, 100.5, 101.5])

    PersistentThreads(AsyncMock(), few=1, most=1, reserved=["/healthz"]).close()

    waits = [call.kwargs["timeout"] for call in thread.join.call_args_list]
    assert waits == [0.75, 0.5, 0]
