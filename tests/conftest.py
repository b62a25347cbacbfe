"""What every test has: the fixtures of these plugins, each a file to copy on its own."""

import gc

import pytest

pytest_plugins = [
    "pytester",
    "tests.plugins.async_rollback",  # and leftovers, which lies beside it
    "tests.plugins.async_db",
    "tests.plugins.background_tasks",
    "tests.plugins.blocking_calls",
    "tests.plugins.caches",
    "tests.plugins.channel_layers",
    "tests.plugins.inner_suite",
    "tests.plugins.leak_detector",
    "tests.plugins.live_asgi_server",
    "tests.plugins.outside_api",
    "tests.plugins.people",
    "tests.plugins.postgresql",
    "tests.plugins.sockets",
    "tests.plugins.tcp_proxy",
    "tests.plugins.warm_pytest",
]


def pytest_collection_finish() -> None:
    """Have the garbage collector pass over what is imported by now: the run takes a tenth less."""
    gc.collect()
    gc.freeze()


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """Let the whole suite have every core, and a part of it start at once in this process.

    Args:
        config: What was asked for; ``-n`` with a number, or ``--pdb``, is never asked about.

    Returns:
        How many processes; ``None`` is as many as there are cores.
    """
    whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    return None if whole and not config.option.keyword else 0
