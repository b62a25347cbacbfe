"""Test how many processes a run gets.

Use it for a suite that takes longer than its start does. The trap is a single test that waits for
all processes to collect the suite.
"""

from types import SimpleNamespace

import pytest

from tests.plugins.processes import pytest_xdist_auto_num_workers

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
