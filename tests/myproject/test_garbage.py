"""Test how the garbage collector is set while a server runs.

Use the collector's own counts: they tell what it leaves alone. The trap is to change it for the
whole process of the tests: what a test left behind is then noticed in another one, or never.
"""

import gc
import weakref

import pytest

from myproject.garbage import collect_seldom


class Node:
    """Something that can be in a cycle."""

    def __init__(self) -> None:
        self.itself = self


def test_the_collector_looks_less_often_and_not_at_what_stays() -> None:
    _, *older = gc.get_threshold()
    stays = Node()

    with collect_seldom(5000):
        assert gc.get_threshold() == (5000, *older)
        assert id(stays) not in map(id, gc.get_objects())


def test_cycles_that_come_later_are_still_found() -> None:
    with collect_seldom():
        later = weakref.ref(Node())
        gc.collect()

        assert later() is None


def test_what_is_garbage_already_is_not_kept() -> None:
    garbage = weakref.ref(Node())

    with collect_seldom():
        assert garbage() is None


def test_afterwards_it_is_as_before() -> None:
    before = gc.get_threshold()

    with pytest.raises(ZeroDivisionError), collect_seldom(before[0] + 1):
        raise ZeroDivisionError

    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0
