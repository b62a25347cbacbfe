"""What every test has: the fixtures of these plugins, each a file to copy on its own."""

pytest_plugins = [
    "pytester",
    "tests.plugins.async_rollback",
    "tests.plugins.async_db",
    "tests.plugins.blocking_calls",
    "tests.plugins.channel_layers",
    "tests.plugins.inner_suite",
    "tests.plugins.leak_detector",
    "tests.plugins.live_asgi_server",
    "tests.plugins.outside_api",
    "tests.plugins.people",
    "tests.plugins.postgresql",
    "tests.plugins.sockets",
    "tests.plugins.tcp_proxy",
]
