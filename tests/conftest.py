"""What every test needs; the fixtures themselves live in ``tests/plugins``."""

pytest_plugins = [
    "pytester",
    "tests.plugins.async_rollback",
    "tests.plugins.async_db",
    "tests.plugins.leak_detector",
    "tests.plugins.inner_suite",
]
