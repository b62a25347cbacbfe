"""Test how many processes a run of this suite gets.

Use it for a suite whose tests are quick: with pytest-xdist a process costs two seconds until it has
imported and collected all, which is little for a whole suite and a lot for one test.
Code: tests/conftest.py
"""

from types import SimpleNamespace

import pytest

from tests.conftest import pytest_xdist_auto_num_workers

Source = pytest.Config.ArgsSource


@pytest.mark.parametrize(
    ("source", "keyword", "processes"),
    [
        pytest.param(Source.TESTPATHS, "", None, id="the whole suite: one a core"),
        pytest.param(Source.TESTPATHS, "timing", 0, id="-k timing: this one"),
        pytest.param(Source.ARGS, "", 0, id="tests/users: this one"),
    ],
)
def test_only_the_whole_suite_is_spread_over_processes(
    source: Source, keyword: str, processes: int | None
) -> None:
    config = SimpleNamespace(args_source=source, option=SimpleNamespace(keyword=keyword))

    assert pytest_xdist_auto_num_workers(config) == processes  # type: ignore[arg-type]
