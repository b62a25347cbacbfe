"""Examples of hypothesis that see each other's rows.

hypothesis calls one test many times. The test is rolled back once, at its end, so each example
finds what the ones before it wrote: the first passes, the second fails, and in another way when it
is tried again. Roll back each example by a block of its own, entered in the thread of the ORM.

Message: hypothesis.errors.FlakyFailure: Inconsistent results from replaying a test case!
Told by: the test passes with `max_examples=1`
Cure: `async with in_orm_thread(rolled_back()):` around the test's body
Seen on: hypothesis 6.170.17, Django 5.2.19 and 6.1.3
Upstream: https://hypothesis.readthedocs.io/en/latest/reference/integrations.html#django
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth.models import Group
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.errors import FlakyFailure

from tests.plugins.async_db import in_orm_thread

pytestmark = pytest.mark.django_db

examples = settings(max_examples=10, deadline=None, database=None)


async def create_the_only_group(name: str) -> None:
    await Group.objects.acreate(name=name)

    assert await Group.objects.acount() == 1


@contextmanager
def rolled_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_an_example_finds_what_others_wrote() -> None:
    @examples
    @given(name=st.text("abc"))
    def check(name: str) -> None:
        async_to_sync(create_the_only_group)(name)

    with pytest.raises(FlakyFailure, match="Inconsistent results from replaying a test case!"):
        check()


@examples
@given(name=st.text("abc"))
async def test_each_example_is_rolled_back_by_itself(name: str) -> None:
    async with in_orm_thread(rolled_back()):
        await create_the_only_group(name)
