"""``async_to_sync`` is given something that it cannot tell is async.

asgiref looks at the callable, not at what it returns. A lambda that returns a coroutine looks sync,
and so do a ``MagicMock`` and, on Python 3.12 alone, what ``autospec=True`` makes of an ``async
def``. It works all the same, but where warnings are errors it ends there.

Message: UserWarning: async_to_sync was passed a non-async-marked callable
Cure: pass the ``async def`` itself; in a test, `mocker.patch(…)` without `autospec`
Seen on: Python 3.11, 3.12 (with autospec) and 3.13, asgiref 3.13
Upstream: https://github.com/django/asgiref/blob/main/asgiref/sync.py
"""

import pytest
from asgiref.sync import async_to_sync
from pytest_mock import MockerFixture


async def tell(name: str) -> str:
    return f"told {name}"


def test_a_lambda_does_not_look_async() -> None:
    with pytest.warns(UserWarning, match="async_to_sync was passed a non-async-marked callable"):
        told = async_to_sync(lambda: tell("Ada"))

    assert told() == "told Ada"


def test_the_function_itself_does() -> None:
    assert async_to_sync(tell)("Ada") == "told Ada"


def test_and_so_does_the_mock_that_patch_makes_of_it(mocker: MockerFixture) -> None:
    mocker.patch(f"{__name__}.tell", return_value="told nobody")

    assert async_to_sync(tell)("Ada") == "told nobody"
