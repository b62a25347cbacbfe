"""Run the whole suite on every core, and a part of it at once in the process that was asked.

A process of pytest-xdist costs two seconds until it has imported and collected all: little for a
whole suite, a lot for one test. Add ``-n auto`` to ``addopts``; ``-n 0`` is one process, then.

Needs: pytest-xdist
"""

import pytest


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """Tell how many processes ``-n auto`` means.

    Args:
        config: What was asked for: files and folders, or ``-k``, are a part.

    Returns:
        None for the whole suite, which leaves it to pytest-xdist: one a core.
    """
    whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    return None if whole and not config.option.keyword else 0
