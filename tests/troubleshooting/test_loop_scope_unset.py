"""pytest-asyncio without a loop scope for fixtures.

The default is about to change, so pytest-asyncio warns while it starts. Where warnings are errors
that ends the run before the first test, with a traceback of pytest's own.

Message: The configuration option "asyncio_default_fixture_loop_scope" is unset.
Cure: `asyncio_default_fixture_loop_scope = function` in `pytest.ini`
Seen on: pytest-asyncio 1.5.0, pytest 9.2.0
Upstream: https://github.com/pytest-dev/pytest-asyncio/pull/1381
"""

import pytest

from tests.troubleshooting.conftest import RunSuite

SUITE = """
    async def test_nothing():
        pass
"""

UNSET = """
[pytest]
asyncio_mode = auto
filterwarnings = error
"""


def test_the_run_ends_before_the_first_test(
    run_suite: RunSuite, capfd: pytest.CaptureFixture[str]
) -> None:
    result = run_suite(SUITE, UNSET)

    assert result.ret == pytest.ExitCode.INTERNAL_ERROR
    assert (
        'The configuration option "asyncio_default_fixture_loop_scope" is unset.'
        in capfd.readouterr().err
    )


def test_with_the_option_set_the_tests_run(run_suite: RunSuite) -> None:
    result = run_suite(SUITE, UNSET + "asyncio_default_fixture_loop_scope = function")

    result.assert_outcomes(passed=1)
