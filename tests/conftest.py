"""What every test has: the fixtures of these plugins, each a file to copy on its own."""

import gc

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
    "tests.plugins.processes",
    "tests.plugins.sockets",
    "tests.plugins.tcp_proxy",
    "tests.plugins.warm_pytest",
]


def pytest_collection_finish() -> None:
    """Have the garbage collector pass over what is imported by now: the run takes a tenth less."""
    gc.collect()
    gc.freeze()
