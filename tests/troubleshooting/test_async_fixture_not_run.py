"""An async fixture that no plugin runs.

In strict mode pytest-asyncio runs only fixtures of its own decorator. One decorated with
``pytest.fixture`` would hand the test a coroutine; pytest 9 refuses to.

Message: requested an async fixture 'alice', with no plugin or hook that handled it.
Message: AttributeError: 'async_generator' object has no attribute '…'
Message: assert <coroutine object alice at 0x7f…> == 'Alice'
Message: PytestRemovedIn9Warning: 'test_x' requested an async fixture 'alice'
Cure: `asyncio_mode = auto`, or decorate it with `@pytest_asyncio.fixture`
Seen on: pytest 9.2.0, pytest-asyncio 1.5.0
Upstream: https://docs.pytest.org/en/stable/deprecations.html#sync-test-depending-on-async-fixture
"""

from tests.troubleshooting.conftest import RunSuite

STRICT = """
[pytest]
asyncio_default_fixture_loop_scope = function
"""

SUITE = """
    import pytest

    @pytest.fixture
    async def alice():
        return "Alice"

    @pytest.mark.asyncio
    async def test_alice(alice):
        assert alice == "Alice"
"""


def test_strict_mode_refuses_a_plain_async_fixture(run_suite: RunSuite) -> None:
    result = run_suite(SUITE, STRICT)

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        ["*requested an async fixture 'alice', with no plugin or hook that handled it.*"]
    )


def test_auto_mode_runs_it(run_suite: RunSuite) -> None:
    result = run_suite(SUITE, STRICT + "asyncio_mode = auto")

    result.assert_outcomes(passed=1)
