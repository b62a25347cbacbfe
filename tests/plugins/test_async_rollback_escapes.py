"""Connections that escape the transaction.

What no transaction can reach, a connection opened by hand or a process of its own, fails the test
and says where and why, rather than leaving you with rows that are missing. To be told of every
thread that leaves the transaction in production, choose ``rollback_threads("sensitive")``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.plugins.inner_suite import InnerSuite

HEADER = """
import asyncio
import multiprocessing

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import Group
from django.db import connection

pytestmark = pytest.mark.django_db

async def in_a_thread():
    return await asyncio.to_thread(lambda: Group.objects.count())  # line 12
"""

SENSITIVE = f"""{HEADER}
@pytest.mark.rollback_threads("sensitive")
async def test_the_orms_thread_is_no_escape():
    assert await Group.objects.acount() == 0

@pytest.mark.rollback_threads("sensitive")
async def test_thread():
    await in_a_thread()

@pytest.mark.rollback_threads("sensitive")
async def test_swallowed():
    await asyncio.gather(in_a_thread(), return_exceptions=True)

@pytest.mark.rollback_threads("many")
async def test_no_such_choice():
    pass
"""

BY_HAND = f"""{HEADER}
async def test_connection():
    await sync_to_async(lambda: connection.copy().cursor())()  # line 15

def test_process():
    process = multiprocessing.get_context("fork").Process(target=Group.objects.count)
    process.start()
    process.join()
    assert process.exitcode == 0

async def test_next():
    assert await in_a_thread() == 0
"""

IN_TEARDOWN = f"""{HEADER}
@pytest.fixture
def swallows(db):
    yield
    try:
        connection.copy().cursor()
    except AssertionError:
        pass

def test_passes(swallows):
    pass
"""


def test_a_thread_outside_the_choice_fails_the_test_even_if_that_is_swallowed(
    inner_suite: InnerSuite,
) -> None:
    result = inner_suite(SENSITIVE)

    result.assert_outcomes(passed=1, failed=2, errors=1)
    result.stdout.fnmatch_lines(
        [
            "*rollback_threads is 'many': choose one of ('all', 'sensitive')*",
            "*EscapedConnectionError: Thread 'asyncio_0' opened a connection of its own to "
            "'default' at *test_inner.py:12 in <lambda>.*rollback_threads('all')*",
            "*EscapedConnectionError: Thread 'asyncio_0'*",
        ]
    )


def test_a_suite_can_choose_in_its_ini_file(inner_suite: InnerSuite) -> None:
    result = inner_suite(BY_HAND, "-k", "test_next", "-o", "rollback_threads=sensitive")

    result.stdout.fnmatch_lines("*Thread 'asyncio_0' opened a connection of its own*")


# Forking where threads are is what this is about; newer Pythons warn of it.
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_connections_by_hand_and_by_fork_are_refused(inner_suite: InnerSuite) -> None:
    result = inner_suite(BY_HAND, "-W", "ignore::DeprecationWarning")

    result.assert_outcomes(passed=1, failed=2)
    result.stdout.fnmatch_lines(
        [
            "*Thread 'ThreadPoolExecutor-*' opened a connection of its own to 'default' "
            "at *test_inner.py:15 in <lambda>.*",
            "*A forked process used the test's connection 'default'*django_db(transaction=True)*",
        ]
    )


def test_an_escape_in_a_fixtures_teardown_is_an_error(inner_suite: InnerSuite) -> None:
    result = inner_suite(IN_TEARDOWN)

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines("*opened a connection of its own to 'default' at *in swallows*")


@pytest.mark.parametrize(
    ("option", "lines"),
    [
        ("--markers", ["@pytest.mark.rollback_threads(choice): which *, all or sensitive."]),
        (
            "--help",
            ["* which threads get the *: all or sensitive", "* seconds after *, is an error"],
        ),
    ],
    ids=["marker", "ini file"],
)
def test_what_can_be_chosen_is_explained(
    option: str, lines: list[str], inner_suite: InnerSuite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")

    result = inner_suite("", option, plugins=["async_rollback"])

    result.stdout.fnmatch_lines(lines)
