"""Test a cache against a stampede: a hundred callers, one call.

Use an event to hold the call until all have come, and a clock that the test moves. The trap is
``aget_or_set``: while the first caller waits for the answer nothing is in the cache yet, and
everybody else goes and asks too.
"""

import asyncio

import pytest

from external.caching import SharedAnswers


class Api:
    """An outside API: counts the calls, and answers when it may."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.error: Exception | None = None
        self.asked = asyncio.Event()
        self.may_answer = asyncio.Event()

    async def fetch(self, key: str) -> str:
        self.calls.append(key)
        self.asked.set()
        await self.may_answer.wait()
        if self.error:
            raise self.error
        return f"{key}, answer {len(self.calls)}"


class Clock:
    """A clock that stands until the test moves it."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def api() -> Api:
    return Api()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def answers(api: Api, clock: Clock) -> SharedAnswers[str]:
    return SharedAnswers(api.fetch, seconds=10, clock=clock)


async def test_a_hundred_callers_make_one_call(api: Api, answers: SharedAnswers[str]) -> None:
    callers = [asyncio.create_task(answers.get("news")) for _ in range(100)]
    await api.asked.wait()
    api.may_answer.set()

    assert await asyncio.gather(*callers) == ["news, answer 1"] * 100
    assert api.calls == ["news"]


async def test_an_answer_is_good_for_its_time(
    api: Api, answers: SharedAnswers[str], clock: Clock
) -> None:
    api.may_answer.set()
    await answers.get("news")

    clock.now += 9.9

    assert await answers.get("news") == "news, answer 1"


async def test_after_its_time_the_api_is_asked_again(
    api: Api, answers: SharedAnswers[str], clock: Clock
) -> None:
    api.may_answer.set()
    await answers.get("news")

    clock.now += 10

    assert await answers.get("news") == "news, answer 2"


async def test_another_key_is_another_answer(api: Api, answers: SharedAnswers[str]) -> None:
    api.may_answer.set()
    await answers.get("news")

    assert await answers.get("weather") == "weather, answer 2"


async def test_an_error_reaches_all_who_wait_and_is_not_kept(
    api: Api, answers: SharedAnswers[str]
) -> None:
    api.error = ConnectionError("down")
    api.may_answer.set()
    waiting = asyncio.gather(answers.get("news"), answers.get("news"), return_exceptions=True)
    assert set(await waiting) == {api.error}

    api.error = None

    assert await answers.get("news") == "news, answer 2"


async def test_whoever_leaves_takes_the_call_away_from_nobody(
    api: Api, answers: SharedAnswers[str]
) -> None:
    leaves = asyncio.create_task(answers.get("news"))
    stays = asyncio.create_task(answers.get("news"))
    await api.asked.wait()

    leaves.cancel()
    await asyncio.wait([leaves])
    api.may_answer.set()

    assert leaves.cancelled()
    assert await stays == "news, answer 1"
