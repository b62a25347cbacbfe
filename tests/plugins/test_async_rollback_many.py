"""Let a suite be so long that a limit of the interpreter would show.

Python 3.13 gives a class at most 1,000 versions, and a plugin that patches one for each test uses
them up. The trap is a suite of ten tests, in which it does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.plugins.inner_suite import InnerSuite

MANY = """
import asyncio

import pytest
from django.contrib.auth.models import Group
from django.db import transaction

@pytest.fixture(autouse=True)
def hot_path():
    yield
    for _ in range(3000):
        transaction.get_connection()

@pytest.mark.parametrize("number", range(1500))
async def test_number(number, db):
    await Group.objects.acreate(name="own")
    await asyncio.to_thread(Group.objects.get_or_create, name="thread")
    assert await Group.objects.acount() == 2
"""


@pytest.mark.many
@pytest.mark.timeout(300)
def test_a_suite_of_1500_tests_ends_as_it_begins(inner_suite: InnerSuite) -> None:
    result = inner_suite(MANY, plugins=["async_rollback", "async_db"], database="memory")

    result.assert_outcomes(passed=1500)
