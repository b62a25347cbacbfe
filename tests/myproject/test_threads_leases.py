"""Test the parts of a pool alone: who is waited for, who is looked after, and what is locked.

Use stand-ins for the clock and the loop where a moment has to be met exactly, and
hold a lock to see who waits for it. The trap is to leave a lock to the tests of the whole: without
it they pass, too, on most days.
Code: myproject/threads.py
"""

from collections.abc import Callable
from threading import Thread
from typing import Any
from unittest.mock import Mock

import pytest
from pytest_mock import MockerFixture

from myproject.threads import Lease, Threads

MOMENT = 0.02  # seconds; long enough for whoever does not wait


@pytest.fixture
def lease(mocker: MockerFixture) -> Lease:
    """A lease that has a thread."""
    lease = Lease(mocker.Mock())
    lease.timer, lease.begun = mocker.Mock(), True
    return lease


@pytest.fixture
def threads(mocker: MockerFixture) -> Threads:
    """A pool without a thread, in which it is 100 o'clock; a moment is half a second."""
    mocker.patch("myproject.threads.monotonic", return_value=100.0)
    mocker.patch("myproject.threads.STALL", 0.5)
    mocker.patch("myproject.threads.Thread")
    mocker.patch("myproject.threads.get_running_loop")
    return Threads("test", few=0, most=1)


@pytest.mark.parametrize(
    "act",
    [Lease.rest, Lease.end, lambda lease: lease.submit(print)],
    ids=["to rest", "to end", "to call"],
)
def test_one_at_a_time_changes_what_a_lease_is_about(
    lease: Lease, act: Callable[[Lease], Any]
) -> None:
    thread = Thread(target=act, args=[lease])

    with lease.lock:
        thread.start()
        thread.join(timeout=MOMENT)
        assert lease.calls.empty()
    thread.join()

    assert not lease.calls.empty()


def test_a_thread_is_given_back_when_nobody_changes_anything(lease: Lease) -> None:
    thread = Thread(target=lease.has_given_back)

    with lease.lock:
        thread.start()
        thread.join(timeout=MOMENT)
        assert thread.is_alive()
    thread.join()

    assert (lease.timer, lease.begun) == (None, False)


def test_what_a_connection_has_broken_is_mended_before_the_next_borrower(
    lease: Lease, mocker: MockerFixture
) -> None:
    mended = mocker.patch("myproject.threads.roll_back")

    assert lease.has_given_back()

    mended.assert_called_once_with()


def test_who_keeps_something_keeps_the_thread(lease: Lease, mocker: MockerFixture) -> None:
    mocker.patch("myproject.threads.is_in_use", return_value=True)

    assert not lease.has_given_back()
    assert lease.begun


@pytest.mark.parametrize("act", [Lease.rest, Lease.end], ids=["rests", "ends"])
def test_nobody_looks_any_more_after_who(lease: Lease, act: Callable[[Lease], Any]) -> None:
    timer: Any = lease.timer

    act(lease)

    timer.cancel.assert_called_once_with()


def test_who_waits_for_a_thread_is_looked_after_although_they_rest(lease: Lease) -> None:
    lease.begun = False
    timer: Any = lease.timer

    lease.rest()

    timer.cancel.assert_not_called()


def test_a_call_is_done_with_all_that_it_is_given(lease: Lease) -> None:
    future = lease.submit(dict, {"a": 1}, b=2)
    lease.calls.put(None)

    lease.work()

    assert future.result() == {"a": 1, "b": 2}


def test_nobody_waits_for_a_call_after_parting_and_it_is_done_elsewhere(
    mocker: MockerFixture,
) -> None:
    lease, elsewhere = Lease(mocker.Mock()), mocker.Mock()
    lease.part(elsewhere)

    future = lease.submit(print)

    assert future.result(timeout=0) is None
    elsewhere.lend.assert_called_once_with(lease)


@pytest.mark.parametrize(
    ("divisor", "messages"), [(0, ["A call after the response failed"]), (1, [])]
)
def test_what_goes_wrong_after_parting_is_logged(
    lease: Lease, caplog: pytest.LogCaptureFixture, divisor: int, messages: list[str]
) -> None:
    lease.part(lease.threads)
    lease.submit(divmod, 1, divisor)
    lease.calls.put(None)

    lease.work()

    assert caplog.messages == messages
    assert all(record.exc_info for record in caplog.records)


def test_who_has_nothing_to_do_can_be_refused(lease: Lease) -> None:
    lease.refuse()

    assert not lease.refused


def test_whoever_waits_is_looked_after_in_a_moment(threads: Threads, mocker: MockerFixture) -> None:
    loop: Mock = mocker.patch("myproject.threads.get_running_loop").return_value

    threads.watch_later(mocker.sentinel.lease, until=105.0)

    loop.call_later.assert_called_once_with(0.5, threads.watch, mocker.sentinel.lease, 105.0, 100.5)


@pytest.mark.parametrize(
    ("begun", "until", "refused"),
    [(True, 99.0, False), (False, 99.0, True), (False, 100.0, False)],
    ids=["has a thread", "waits too long", "waits just long enough"],
)
def test_who_waits_too_long_is_refused_and_not_looked_after_again(
    threads: Threads, mocker: MockerFixture, begun: bool, until: float, refused: bool
) -> None:
    lease = mocker.Mock(begun=begun, timer=None)

    threads.watch(lease, until, due=100.0)

    assert lease.refuse.called is refused
    assert (lease.timer is None) is (begun or refused)


@pytest.mark.parametrize(
    ("moved", "most", "added"),
    [(99.0, 1, 1), (99.5, 1, 0), (99.0, 0, 0)],
    ids=["stands still", "moves", "has all there may be"],
)
def test_a_queue_gets_one_more_thread_that_no_server_waits_for(
    threads: Threads, mocker: MockerFixture, moved: float, most: int, added: int
) -> None:
    thread = mocker.patch("myproject.threads.Thread")
    threads.moved, threads.most = moved, most

    threads.watch(mocker.Mock(begun=False), until=101.0, due=100.0)

    assert (
        thread.call_args_list
        == [mocker.call(target=threads.work, name="test-0", daemon=True)] * added
    )
    assert threads.moved == (100.0 if added else moved)


def test_a_queue_moves_when_somebody_is_served(threads: Threads, mocker: MockerFixture) -> None:
    threads.queue.put(mocker.Mock(spec=["work"]))
    threads.queue.put(None)
    mocker.patch("myproject.threads.connections")

    threads.work()

    assert threads.moved == 100.0
