"""A session-scoped async fixture on a function-scoped loop.

A fixture's ``scope`` says how long its value lives, its ``loop_scope`` on which loop it runs. With
``asyncio_default_fixture_loop_scope = function``, as recommended, a wider fixture would outlive its
loop, and the message names a fixture that nobody wrote.

Message: ScopeMismatch: You tried to access the function scoped fixture _function_scoped_runner
Message: ScopeMismatch: You tried to access the function scoped fixture event_loop with a session
    scoped request object
Told by: your own fixture is wider than a function
Cure: `@pytest_asyncio.fixture(scope="session", loop_scope="session")`, and the same for its tests
Seen on: pytest-asyncio 1.5.0
Upstream: https://github.com/pytest-dev/pytest-asyncio/issues/1175
"""

from tests.troubleshooting.conftest import RunSuite

MISMATCHED = """
    import pytest

    @pytest.fixture(scope="session")
    async def api():
        return "connected"

    async def test_api(api):
        assert api == "connected"
"""

MATCHED = """
    import pytest, pytest_asyncio

    @pytest_asyncio.fixture(scope="session", loop_scope="session")
    async def api():
        return "connected"

    @pytest.mark.asyncio(loop_scope="session")
    async def test_api(api):
        assert api == "connected"
"""


def test_a_fixture_may_not_outlive_its_loop(run_suite: RunSuite) -> None:
    result = run_suite(MISMATCHED)

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        ["ScopeMismatch: You tried to access the function scoped fixture _function_scoped_runner*"]
    )


def test_a_loop_as_wide_as_the_fixture_fits(run_suite: RunSuite) -> None:
    result = run_suite(MATCHED)

    result.assert_outcomes(passed=1)
