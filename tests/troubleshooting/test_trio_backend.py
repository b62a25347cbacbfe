"""A test that anyio runs on trio.

asgiref, and with it every async method of Django's ORM, needs an event loop of asyncio's. Where
trio is installed, anyio's pytest plugin runs each test on both, ``[asyncio]`` and ``[trio]``,
unless the suite says otherwise. In an async fixture it is an error of the set-up.

Message: RuntimeError: no running event loop
Told by: the test's name ends in `[trio]`
Cure: a fixture `anyio_backend` that returns `"asyncio"`, in the root `conftest.py`
Seen on: anyio 4.16.0, trio 0.35.0, asgiref 3.13.0, Django 5.2.19 and 6.1.3
Upstream: https://anyio.readthedocs.io/en/stable/testing.html#specifying-the-backends-to-run-on
"""

import asyncio

import pytest
import trio
from django.contrib.auth.models import Group

pytestmark = pytest.mark.django_db

SUITE = """
import pytest

@pytest.mark.anyio
async def test_default():
    pass

class TestPinned:
    @pytest.fixture
    def anyio_backend(self):
        return "asyncio"

    @pytest.mark.anyio
    async def test_pinned(self, anyio_backend):
        pass
"""


def test_the_orm_does_not_run_on_trio() -> None:
    with pytest.raises(RuntimeError, match="no running event loop"):
        trio.run(Group.objects.acount)


def test_it_runs_on_asyncio() -> None:
    assert asyncio.run(Group.objects.acount()) == 0


def test_the_fixture_pins_the_backend(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makepyfile(SUITE)

    result = pytester.runpytest_inprocess("-v", "-p", "anyio")

    result.stdout.fnmatch_lines_random(
        ["*::test_default[[]asyncio] PASSED*", "*::test_default[[]trio] PASSED*"]
    )
    result.stdout.fnmatch_lines(["*::test_pinned PASSED*"])
