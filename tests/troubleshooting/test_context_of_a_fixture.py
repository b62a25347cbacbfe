"""A context variable that a sync fixture leaves behind.

Sync fixtures all run in one context, pytest's own, and each test starts from a copy of it. So what
one fixture sets is there in every later test: a tenant, a language, a request id. What an async
fixture sets is seen by its test, and ends with it.

Message: none; a test sees the value of an earlier one, and passes or fails with the order
Cure: `yield`, then `variable.reset(token)`; or set it in an async fixture
Seen on: pytest-asyncio 1.5.0, Python 3.11 and 3.13
Upstream: https://docs.python.org/3/library/contextvars.html#contextvars.ContextVar.reset
"""

import pytest

from tests.troubleshooting.conftest import RunSuite

SUITE = """
from contextvars import ContextVar

import pytest

tenant = ContextVar("tenant", default="nobody")

{fixture}

async def test_the_test_sees_it(as_ada):
    assert tenant.get() == "ada"

async def test_a_later_test_does_not():
    assert tenant.get() == "nobody"
"""

LEFT_BEHIND = """
@pytest.fixture
def as_ada():
    tenant.set("ada")
"""

TAKEN_BACK = """
@pytest.fixture
def as_ada():
    token = tenant.set("ada")
    yield
    tenant.reset(token)
"""

ASYNC = """
@pytest.fixture
async def as_ada():
    tenant.set("ada")
"""


def test_it_is_still_set_in_a_later_test(run_suite: RunSuite) -> None:
    result = run_suite(SUITE.format(fixture=LEFT_BEHIND))

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["E *assert 'ada' == 'nobody'"])


@pytest.mark.parametrize("fixture", [TAKEN_BACK, ASYNC], ids=["taken back", "async"])
def test_it_ends_with_its_test(run_suite: RunSuite, fixture: str) -> None:
    result = run_suite(SUITE.format(fixture=fixture))

    result.assert_outcomes(passed=2)
