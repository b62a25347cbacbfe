"""An async test that no plugin runs.

pytest itself cannot run a coroutine. pytest-asyncio is missing, or it is in strict mode, its
default, where it runs only what is marked ``asyncio``.

Message: async def functions are not natively supported.
Message: PytestUnhandledCoroutineWarning: async def functions are not natively supported and have
    been skipped.
Message: You need to install a suitable plugin for your async framework, for example: pytest-asyncio
Told by: no plugin for async tests is installed, or the test is not marked
Cure: install pytest-asyncio, and set `asyncio_mode = auto` (or mark the test `asyncio`)
Seen on: pytest 9.2.0, pytest-asyncio 1.5.0
Upstream: https://pytest-asyncio.readthedocs.io/en/stable/concepts.html#test-discovery-modes
"""

from tests.troubleshooting.conftest import RunSuite

SUITE = """
    async def test_nothing():
        pass
"""

STRICT = """
[pytest]
asyncio_default_fixture_loop_scope = function
"""


def test_strict_mode_fails_an_unmarked_test(run_suite: RunSuite) -> None:
    result = run_suite(SUITE, STRICT)

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["async def functions are not natively supported."])


def test_auto_mode_runs_it(run_suite: RunSuite) -> None:
    result = run_suite(SUITE, STRICT + "asyncio_mode = auto")

    result.assert_outcomes(passed=1)
