"""A suite that still asks for ``event_loop``.

pytest-asyncio 1.0 removed the fixture, requested or overridden. A test that only wanted the loop
asks asyncio for it; one that widened its scope names a ``loop_scope`` instead.

Message: fixture 'event_loop' not found
Message: The event_loop fixture provided by pytest-asyncio has been redefined
Message: ScopeMismatch: You tried to access the function scoped fixture event_loop with a session
    scoped request object
Told by: `event_loop` stands in your code, or you override it
Cure: `asyncio.get_running_loop()`; `@pytest.mark.asyncio(loop_scope="module")` for a shared loop
Seen on: pytest-asyncio 1.5.0
Upstream: https://pytest-asyncio.readthedocs.io/en/stable/how-to-guides/migrate_from_0_23.html
"""

import asyncio

from tests.troubleshooting.conftest import RunSuite


def test_the_fixture_is_gone(run_suite: RunSuite) -> None:
    result = run_suite("async def test_loop(event_loop): pass")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["E *fixture 'event_loop' not found"])


async def test_the_loop_is_the_running_one() -> None:
    assert asyncio.get_running_loop().is_running()
