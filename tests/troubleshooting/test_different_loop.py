"""A fixture and a test on different event loops.

A future, a lock, a connection belongs to the loop on which it was made. A fixture with a wider
``loop_scope`` makes it on a loop that is not the test's, and the first ``await`` in the test fails.

Message: RuntimeError: Task … got Future <Future pending> attached to a different loop
Told by: the object was made in a fixture, or once for the module or the process
Cure: give test and fixture one `loop_scope`, or make the object in a function-scoped fixture
Seen on: pytest-asyncio 1.5.0, Python 3.11 and 3.13
Upstream: https://github.com/pytest-dev/pytest-asyncio/issues/706
"""

import asyncio

import pytest
import pytest_asyncio


@pytest_asyncio.fixture(loop_scope="module")
async def answer() -> asyncio.Future[str]:
    """A future on the module's loop."""
    return asyncio.get_running_loop().create_future()


async def test_a_future_cannot_be_awaited_on_another_loop(answer: asyncio.Future[str]) -> None:
    with pytest.raises(RuntimeError, match="attached to a different loop"):
        await answer


@pytest.mark.asyncio(loop_scope="module")
async def test_a_test_on_the_loop_of_the_fixture_can_await_it(
    answer: asyncio.Future[str],
) -> None:
    asyncio.get_running_loop().call_soon(answer.set_result, "42")

    assert await answer == "42"
