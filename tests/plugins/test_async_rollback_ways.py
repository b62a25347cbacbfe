"""Rolling back beside other plugins: anyio, strict mode, uvloop, reruns, subtests.

Use the rollback plugin with any of them; each test starts clean, and each turn of one that is run
again. The trap is a test that several of them claim: in pytest-asyncio's auto mode every async test
is its own, ``@pytest.mark.anyio`` or not.

Code: tests/plugins/async_rollback.py
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.plugins.inner_suite import ON_POSTGRESQL

if TYPE_CHECKING:
    from tests.plugins.inner_suite import InnerSuite

DATABASE = "postgresql" if ON_POSTGRESQL else "file"

BASE = """
import asyncio

import pytest
from django.contrib.auth.models import Group

async def create_the_only_group():
    assert await Group.objects.acount() == 0
    await Group.objects.acreate(name="Chemists")
    assert await asyncio.to_thread(Group.objects.count) == 1
"""

AFTER = """
@pytest.mark.django_db
def test_nothing_is_left():
    assert not Group.objects.exists()
"""

ANYIO_AND_STRICT_MODE = """
import pytest_asyncio

@pytest.fixture
def anyio_backend():
    return "asyncio"

@pytest.fixture
async def group_of_anyio(db):
    await create_the_only_group()

@pytest_asyncio.fixture
async def group_of_pytest_asyncio(db):
    await create_the_only_group()

@pytest.mark.anyio
async def test_anyio(group_of_anyio):
    assert await Group.objects.acount() == 1

@pytest.mark.asyncio
async def test_pytest_asyncio(group_of_pytest_asyncio):
    assert await Group.objects.acount() == 1

@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("turn", [1, 2])
async def test_a_loop_that_several_tests_share(db, turn):
    await create_the_only_group()
"""

UVLOOP = """
import uvloop

@pytest.mark.django_db
async def test_uvloop():
    assert isinstance(asyncio.get_running_loop(), uvloop.Loop)
    await create_the_only_group()
"""

UVLOOP_HOOK = """
import uvloop

def pytest_asyncio_loop_factories(config, item):
    return {"uvloop": uvloop.new_event_loop}
"""

RERUN = """
turns = []

@pytest.fixture
async def group(db):
    await create_the_only_group()

@pytest.mark.flaky(reruns=2)
async def test_fails_twice(group):
    turns.append("one more")
    assert len(turns) == 3
"""

SUBTESTS = """
@pytest.mark.django_db
async def test_subtests(subtests):
    await create_the_only_group()
    for number in range(3):
        with subtests.test(number=number):
            assert await Group.objects.acount() == number + 1
            await Group.objects.acreate(name=f"{number}")
"""


def test_anyio_beside_strict_mode(inner_suite: InnerSuite) -> None:
    options = ["-p", "anyio", "-o", "asyncio_mode=strict"]

    result = inner_suite(BASE + ANYIO_AND_STRICT_MODE + AFTER, *options, database=DATABASE)

    result.assert_outcomes(passed=5)


def test_uvloop(inner_suite: InnerSuite, pytester: pytest.Pytester) -> None:
    pytester.makepyfile(uvloop_hook=UVLOOP_HOOK)

    result = inner_suite(BASE + UVLOOP + AFTER, "-p", "uvloop_hook", database=DATABASE)

    result.assert_outcomes(passed=2)


def test_reruns_start_clean(inner_suite: InnerSuite) -> None:
    result = inner_suite(BASE + RERUN + AFTER, "-p", "rerunfailures", database=DATABASE)

    result.stdout.fnmatch_lines(["* 2 passed, 2 rerun in *"])


def test_subtests_share_the_rows_of_their_test(inner_suite: InnerSuite) -> None:
    result = inner_suite(BASE + SUBTESTS + AFTER, database=DATABASE)

    result.assert_outcomes(passed=2)
