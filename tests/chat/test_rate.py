"""Test a limit on how often, without waiting: hand the code a clock.

A clock that is an argument, with the real one as default, needs no patch and no library, and
leaves the event loop its own time. The trap is to sleep in the test, or to stop the clock for all
of asyncio.
"""

import pytest

from chat.rate import TokenBucket


class Clock:
    """A clock that goes when it is told to."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    """Return a clock."""
    return Clock()


@pytest.fixture
def bucket(clock: Clock) -> TokenBucket:
    """Return a bucket of two tokens that gains four a second."""
    return TokenBucket(rate=4, burst=2, clock=clock)


def test_a_burst_is_free(bucket: TokenBucket) -> None:
    assert [bucket.take(), bucket.take()] == [0, 0]


def test_past_it_the_wait_is_told(bucket: TokenBucket) -> None:
    waits = [bucket.take() for _ in range(3)]

    assert waits[-1] == 0.25


def test_who_asks_in_vain_waits_no_longer_for_it(bucket: TokenBucket) -> None:
    waits = [bucket.take() for _ in range(4)]

    assert waits[-1] == 0.25


def test_after_the_wait_there_is_one_token(bucket: TokenBucket, clock: Clock) -> None:
    waits = [bucket.take() for _ in range(3)]

    clock.now += waits[-1]

    assert [bucket.take(), bucket.take()] == [0, 0.25]


def test_a_long_pause_saves_no_more_than_a_burst(bucket: TokenBucket, clock: Clock) -> None:
    clock.now += 3600

    assert [bucket.take() for _ in range(3)] == [0, 0, 0.25]


def test_without_a_clock_the_real_one_counts() -> None:
    bucket = TokenBucket(rate=0.001, burst=1)

    assert bucket.take() == 0
    assert 900 < bucket.take() <= 1000
