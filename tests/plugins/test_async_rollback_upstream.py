"""What the plugin holds on to upstream.

It takes hold of Django once, and touches no class after that: Python 3.13 gives a class at most
1,000 versions, and once they are used up its caches answer with the method of before. Where Django
no longer has what it holds on to, it refuses to start rather than let rows stay without a word.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.plugins import async_rollback

if TYPE_CHECKING:
    from tests.plugins.inner_suite import InnerSuite

CLASSES = """
import asyncio

import pytest
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler
from django.test import TestCase, TransactionTestCase

CLASSES = [ConnectionHandler, transaction.Atomic, TestCase, TransactionTestCase]

def attributes():
    return [dict(vars(class_)) for class_ in CLASSES]

before = attributes()

@pytest.mark.run_on_commit
async def test_in_a_transaction(db):
    await asyncio.to_thread(Group.objects.create, name="thread")
    assert attributes() == before

def test_after_it():
    assert attributes() == before
"""


def test_no_class_is_touched_for_a_test(inner_suite: InnerSuite) -> None:
    result = inner_suite(CLASSES)

    result.assert_outcomes(passed=2)


@pytest.mark.parametrize(
    ("plugin", "code", "message"),
    [
        pytest.param(
            "async_rollback",
            "from django.test import TestCase; del TestCase._enter_atomics",
            "ERROR: async_rollback is made for Django 5.2 to 6.1 and asgiref 3. In Django *"
            "_enter_atomics*rows would stay: look for a newer version of the file.",
            id="async_rollback",
        ),
        pytest.param(
            "async_db",
            "from pytest_django import fixtures; del fixtures._django_db_helper",
            "ERROR: async_db wraps pytest-django's _django_db_helper, which *",
            id="async_db",
        ),
        pytest.param(
            "leak_detector",
            "from pytest_django import fixtures; del fixtures._django_db_helper",
            "ERROR: leak_detector wraps pytest-django's _django_db_helper, which *",
            id="leak_detector",
        ),
    ],
)
def test_it_refuses_to_start_where_it_has_no_hold(
    pytester: pytest.Pytester, inner_suite: InnerSuite, plugin: str, code: str, message: str
) -> None:
    pytester.makepyfile(newer_release=code)

    result = inner_suite(CLASSES, "-p", "newer_release", plugins=[plugin])

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(message)


@pytest.mark.parametrize(
    ("package", "copied"),
    [
        pytest.param("", ["async_rollback"], id="alone"),
        pytest.param("", ["async_rollback", "leftovers"], id="beside"),
        pytest.param("tests.plugins.", ["async_rollback", "leftovers"], id="in_a_package"),
    ],
)
def test_it_loads_leftovers_if_that_lies_beside(
    pytester: pytest.Pytester, inner_suite: InnerSuite, package: str, copied: list[str]
) -> None:
    folder = Path(async_rollback.__file__).parent
    files = {f"{package}{name}": (folder / f"{name}.py").read_text() for name in copied}
    pytester.makepyfile(**{name.replace(".", "/"): source for name, source in files.items()})

    result = inner_suite(
        f"def test_it(pytestconfig):\n"
        f"    loaded = pytestconfig.pluginmanager.hasplugin('{package}leftovers')\n"
        f"    assert loaded is {'leftovers' in copied}\n",
        plugins=[f"{package}async_rollback"],
    )

    result.assert_outcomes(passed=1)
