"""Choose the database mode of a test: rollback, transaction=True or reset_sequences=True.

Use plain ``@pytest.mark.django_db`` for nearly everything: the test's rows vanish with its
transaction, async ones included. Use ``transaction=True`` where the code under test must really
commit, and ``reset_sequences=True`` where ids must start at 1. Both empty every table afterwards,
which is what makes them slow.
Code: users/models.py
"""

from functools import partial

import pytest
from asgiref.sync import sync_to_async
from django.db import connection, transaction

from tests.factories import acreate_user
from users.models import User

in_atomic_block = sync_to_async(lambda: connection.in_atomic_block)
on_commit = sync_to_async(transaction.on_commit)


@pytest.mark.django_db
@pytest.mark.parametrize("turn", [1, 2])
async def test_in_rollback_mode_a_row_is_gone_when_the_next_test_starts(turn: int) -> None:
    assert not await User.objects.aexists()

    await acreate_user()


@pytest.mark.django_db
async def test_in_rollback_mode_the_test_runs_in_a_transaction_that_never_commits() -> None:
    committed: list[str] = []

    await on_commit(partial(committed.append, "yes"))

    assert await in_atomic_block()
    assert committed == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
async def test_with_transaction_true_a_row_is_flushed_when_the_next_test_starts(turn: int) -> None:
    assert not await User.objects.aexists()

    await acreate_user()


@pytest.mark.django_db(transaction=True)
async def test_with_transaction_true_the_code_commits_for_real() -> None:
    committed: list[str] = []

    await on_commit(partial(committed.append, "yes"))

    assert not await in_atomic_block()
    assert committed == ["yes"]


@pytest.mark.django_db(transaction=True, reset_sequences=True)
@pytest.mark.parametrize("turn", [1, 2])
async def test_with_reset_sequences_ids_start_at_one_in_every_test(turn: int) -> None:
    user = await acreate_user()

    assert user.pk == 1
