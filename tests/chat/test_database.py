"""Test that nobody waits for ever behind a database that is silent.

Let one call keep the thread that all sockets share, and ask for something else meanwhile. The trap
is a time limit on each call alone, such as a driver has: who is the twentieth waits for nineteen.
Code: chat/database.py
"""

import asyncio
import threading
from collections.abc import Iterator

import pytest
from django.db import OperationalError
from pytest_django import Settings

from chat.database import in_time

pytestmark = pytest.mark.django_db

TOO_LATE = OperationalError("no answer, and others wait too")


class Silence:
    """A database that says nothing until the test has ended."""

    def __init__(self) -> None:
        self.asked, self.over = threading.Event(), threading.Event()
        self.calls: list[str] = []

    def ask(self, question: str) -> str:
        """Ask it."""
        self.calls.append(question)
        self.asked.set()
        self.over.wait(timeout=30)
        return f"an answer to {question}"


@pytest.fixture
def silence(settings: Settings) -> Iterator[Silence]:
    """A silent database, and nobody who waits for it for longer than a moment."""
    settings.DATABASE_SILENCE = 0.05
    silence = Silence()
    yield silence
    silence.over.set()


async def test_an_answer_in_time_is_returned(silence: Silence) -> None:
    silence.over.set()

    assert await in_time(silence.ask)("this") == "an answer to this"


async def test_it_is_asked_as_it_always_was(silence: Silence) -> None:
    silence.over.set()
    ask = in_time(silence.ask)

    assert await ask(question="this") == "an answer to this"
    assert getattr(ask, "__name__", "") == "ask"


async def test_who_waits_and_those_behind_are_told_at_the_same_time(silence: Silence) -> None:
    ask = in_time(silence.ask)

    async with asyncio.timeout(10):
        errors = await asyncio.gather(*(ask(name) for name in "abc"), return_exceptions=True)

    assert [repr(error) for error in errors] == [repr(TOO_LATE)] * 3
    assert all(isinstance(error, Exception) and error.__suppress_context__ for error in errors)
    assert silence.calls == ["a"]


async def test_what_had_not_begun_by_then_never_does(silence: Silence) -> None:
    ask = in_time(silence.ask)
    await asyncio.gather(*(ask(name) for name in "abc"), return_exceptions=True)
    silence.over.set()

    assert await ask("d") == "an answer to d"

    assert silence.calls == ["a", "d"]


async def test_an_error_of_the_call_is_its_own(silence: Silence) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await in_time(fail)()
