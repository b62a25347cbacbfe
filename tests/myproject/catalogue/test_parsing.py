"""Test that something is done by one thread at a time.

Replace what may not happen at once by something that tells whether it does, and let two threads
meet there: a barrier that breaks is the proof that the second never came. The trap is to start many
threads and hope.
"""

import ast
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, BrokenBarrierError

from pytest_mock import MockerFixture

from myproject.catalogue.parsing import parse


def test_only_one_thread_parses_at_a_time(mocker: MockerFixture) -> None:
    both = Barrier(2)
    met: list[bool] = []

    def meet(text: str) -> None:
        try:
            both.wait(timeout=0.2)
        except BrokenBarrierError:
            met.append(False)

    mocker.patch("myproject.catalogue.parsing.ast.parse", side_effect=meet)

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(parse, ["one", "two"]))

    assert met == [False, False]


def test_it_parses() -> None:
    assert ast.unparse(parse("x  =  1")) == "x = 1"
