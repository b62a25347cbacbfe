"""A forgotten ``await``.

Without ``await`` an async method returns a coroutine, which has no attribute of the model, and is
always true: ``if User.objects.filter(…).aexists():`` passes for everybody. That second form
raises nothing; only the warning, made an error, tells.

Message: AttributeError: 'coroutine' object has no attribute 'username'
Message: AttributeError: 'coroutine' object has no attribute '…'
Message: RuntimeWarning: coroutine 'QuerySet.aget' was never awaited
Message: TypeError: 'coroutine' object is not iterable
Message: TypeError: 'coroutine' object is not subscriptable
Message: TypeError: Object of type coroutine is not JSON serializable
Message: assert <coroutine object QuerySet.acount at 0x7f…> == 3
Told by: the line is your own, and an `a…` method stands in it without `await`
Cure: `await` it; set `filterwarnings = error`, and let mypy or ruff look for the rest
Seen on: Django 5.2.19 and 6.1.3, Python 3.11 and 3.13
Upstream: https://docs.python.org/3/library/asyncio-dev.html#detect-never-awaited-coroutines
"""

from typing import Any

import pytest

from users.models import User

pytestmark = pytest.mark.django_db


async def test_the_attribute_of_a_coroutine_is_missing(user: User) -> None:
    person: Any = User.objects.aget(pk=user.pk)

    with pytest.raises(AttributeError, match="'coroutine' object has no attribute 'username'"):
        _ = person.username
    person.close()


async def test_a_coroutine_is_true_though_nobody_exists() -> None:
    exists: Any = User.objects.aexists()

    assert bool(exists) is True
    with pytest.warns(RuntimeWarning, match="coroutine 'QuerySet.aexists' was never awaited"):
        del exists


async def test_an_awaited_user_has_a_name(user: User) -> None:
    assert (await User.objects.aget(pk=user.pk)).username == user.username


async def test_an_awaited_aexists_is_false_when_nobody_exists() -> None:
    assert await User.objects.aexists() is False
