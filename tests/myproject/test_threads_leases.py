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
    mocker.patch("myproject.threads.process_time", return_value=5.0)
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


def test_nobody_waits_for_a_call_after_parting_and_it_is_done_elsewhere_at_the_end(
    mocker: MockerFixture,
) -> None:
    lease, elsewhere, done = Lease(mocker.Mock()), mocker.Mock(), mocker.Mock()
    lease.part(elsewhere)

    future = lease.submit(done, 1, b=2)

    assert future.result(timeout=0) is None
    elsewhere.lend.assert_not_called()

    lease.end()
    lease.work()

    elsewhere.lend.assert_called_once_with(lease)
    done.assert_called_once_with(1, b=2)


def test_what_is_left_for_the_end_is_done_in_the_thread_that_is_lent_already(
    lease: Lease, mocker: MockerFixture
) -> None:
    elsewhere, done = mocker.Mock(), mocker.Mock()
    mended = mocker.patch("myproject.threads.roll_back", side_effect=lambda: done("mended"))
    lease.part(elsewhere)
    lease.submit(done, "first")
    lease.submit(done, "second")

    lease.end()
    lease.work()

    elsewhere.lend.assert_not_called()
    mended.assert_called_once_with()
    assert done.call_args_list == [mocker.call(word) for word in ("first", "second", "mended")]


@pytest.mark.parametrize(
    ("divisor", "messages"), [(0, ["A call after the response failed"]), (1, [])]
)
def test_what_goes_wrong_after_parting_is_logged(
    lease: Lease, caplog: pytest.LogCaptureFixture, divisor: int, messages: list[str]
) -> None:
    lease.part(lease.threads)
    lease.submit(divmod, 1, divisor)

    lease.end()
    lease.work()

    assert caplog.messages == messages
    assert all(record.exc_info for record in caplog.records)


def test_who_has_nothing_to_do_can_be_refused(lease: Lease) -> None:
    lease.refuse()

    assert not lease.refused


def test_whoever_waits_is_looked_after_in_a_moment(threads: Threads, mocker: MockerFixture) -> None:
    loop: Mock = mocker.patch("myproject.threads.get_running_loop").return_value
    mocker.patch("myproject.threads.PATIENCE", 7.0)
    lease = mocker.sentinel.lease

    timer = threads.lend(lease)

    loop.call_later.assert_called_once_with(0.5, threads.watch, lease, 107.0, 100.0, 5.0)
    assert timer is loop.call_later.return_value


def test_a_moment_is_too_short_to_be_noticed(mocker: MockerFixture) -> None:
    loop: Mock = mocker.patch("myproject.threads.get_running_loop").return_value

    Threads("test", few=0, most=0).lend(mocker.sentinel.lease)

    seconds, *_ = loop.call_later.call_args.args
    assert seconds <= 0.1


def test_nobody_waits_for_a_thread_for_more_than_five_seconds(
    threads: Threads, mocker: MockerFixture
) -> None:
    loop: Mock = mocker.patch("myproject.threads.get_running_loop").return_value
    threads.lend(mocker.sentinel.lease)
    _, watch, _, *times = loop.call_later.call_args.args
    lease = mocker.Mock(begun=False)

    mocker.patch("myproject.threads.monotonic", return_value=104.9)
    watch(lease, *times)
    assert not lease.refuse.called

    mocker.patch("myproject.threads.monotonic", return_value=105.0)
    watch(lease, *times)
    assert lease.refuse.called


def test_who_still_waits_is_looked_after_again_in_a_moment(
    threads: Threads, mocker: MockerFixture
) -> None:
    loop: Mock = mocker.patch("myproject.threads.get_running_loop").return_value
    threads.most = 0
    lease = mocker.Mock(begun=False)

    threads.watch(lease, until=110.0, since=98.0, cpu=4.0)

    loop.call_later.assert_called_once_with(0.5, threads.watch, lease, 110.0, 100.0, 5.0)
    assert lease.timer is loop.call_later.return_value


@pytest.mark.parametrize(
    ("begun", "until", "refused"),
    [(True, 99.0, False), (False, 100.0, True), (False, 100.1, False)],
    ids=["has a thread", "waits too long", "waits just long enough"],
)
def test_who_waits_too_long_is_refused_and_not_looked_after_again(
    threads: Threads, mocker: MockerFixture, begun: bool, until: float, refused: bool
) -> None:
    lease = mocker.Mock(begun=begun, timer=None)

    threads.watch(lease, until, since=99.0, cpu=5.0)

    assert lease.refuse.called is refused
    assert (lease.timer is None) is (begun or refused)


@pytest.mark.parametrize(
    ("grown", "most", "used", "added"),
    [(99.5, 1, 0.5, 1), (99.6, 1, 0.5, 0), (99.5, 0, 0.5, 0), (99.5, 1, 0.6, 0)],
    ids=["waits", "has just had one", "has all there may be", "is what the process works at"],
)
def test_a_queue_gets_one_more_thread_that_no_server_waits_for(
    threads: Threads, mocker: MockerFixture, grown: float, most: int, used: float, added: int
) -> None:
    thread = mocker.patch("myproject.threads.Thread")
    loop: Mock = mocker.patch("myproject.threads.get_running_loop").return_value
    threads.grown, threads.most = grown, most

    threads.watch(mocker.Mock(begun=False), until=101.0, since=99.0, cpu=5.0 - used)

    assert (
        thread.call_args_list
        == [mocker.call(target=threads.work, name="test-0", daemon=True)] * added
    )
    assert threads.grown == (100.0 if added else grown)
    goes = mocker.call(10.0, threads.queue.put, None)
    assert (goes in loop.call_later.call_args_list) == bool(added)
