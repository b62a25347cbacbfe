"""Test who is here when processes die without a word.

Drive the roster with a clock of the test's own: a process that has been silent for longer than
its patience takes its people along. The trap is a list that is only shortened when somebody says
goodbye, which nobody does after ``kill -9``.
"""

import pytest

from chat.roster import Roster

PATIENCE = 6.0
ADA, GRACE = {"1": "Ada"}, {"2": "Grace"}


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
def roster(clock: Clock) -> Roster:
    """Return a roster on which Ada is, served by process "a"."""
    roster = Roster(PATIENCE, clock)
    roster.hear("a", ADA)
    return roster


def test_who_comes_is_a_change(roster: Roster) -> None:
    assert roster.hear("b", GRACE) == {"here": GRACE, "left": []}


def test_everybody_is_listed_whoever_serves_them(roster: Roster) -> None:
    roster.hear("b", GRACE)

    assert roster.everybody() == ADA | GRACE


def test_who_has_another_name_is_a_change(roster: Roster) -> None:
    assert roster.hear("a", {"1": "Ada L."}) == {"here": {"1": "Ada L."}, "left": []}


def test_who_goes_is_a_change(roster: Roster) -> None:
    assert roster.hear("a", {}) == {"here": {}, "left": ["1"]}


def test_the_same_again_is_none(roster: Roster) -> None:
    assert roster.hear("a", ADA) is None


def test_a_process_that_falls_silent_takes_its_people_along(roster: Roster, clock: Clock) -> None:
    clock.now += PATIENCE + 0.1

    assert roster.forget_silent() == {"here": {}, "left": ["1"]}
    assert roster.everybody() == {}


def test_one_that_was_heard_in_time_does_not(roster: Roster, clock: Clock) -> None:
    clock.now += PATIENCE
    roster.hear("a", ADA)
    clock.now += PATIENCE

    assert roster.forget_silent() is None
    assert roster.everybody() == ADA


def test_one_that_comes_back_is_a_change(roster: Roster, clock: Clock) -> None:
    clock.now += PATIENCE + 0.1
    roster.forget_silent()

    assert roster.hear("a", ADA) == {"here": ADA, "left": []}


def test_without_a_clock_the_real_one_counts() -> None:
    roster = Roster(PATIENCE)
    roster.hear("a", ADA)

    assert roster.forget_silent() is None
