"""Test the live server itself.

Use this to trust the fixture: a failure without the server's own log sends the reader to guess.
"""

import pytest
from django.conf import settings

pytestmark = pytest.mark.live


def test_a_failure_shows_the_log_of_its_server(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(settings.BASE_DIR))
    pytester.makepyfile("def test_fails(live_asgi_server): assert live_asgi_server is None")

    result = pytester.runpytest_subprocess(
        *["-c", f"{settings.BASE_DIR}/pytest.ini", "--rootdir", str(settings.BASE_DIR)],
        *["-p", "tests.plugins.live_asgi_server", "-k", "uvicorn", "-p", "no:cacheprovider"],
        "-n0",  # in this process alone, whatever pytest.ini says
        "--timeout=60",  # a server starts, perhaps on a busy machine
    )

    result.assert_outcomes(failed=1, deselected=2)
    result.stdout.fnmatch_lines(["*log of uvicorn*", "*Uvicorn running on*"])
