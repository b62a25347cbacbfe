"""Small suites of somebody else, run inside a test: for errors that end a test, or a whole run."""

import contextlib
import os
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

RunSuite = Callable[..., pytest.RunResult]

INI = """
[pytest]
asyncio_mode = auto
asyncio_default_fixture_loop_scope = function
"""

# A project with Django's own user model, and nothing else.
SETTINGS = """
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes"]
USE_TZ = True
DATABASES = {"default": %r}
"""


@pytest.fixture
def run_suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> RunSuite:
    """Run test code under pytest and pytest-asyncio alone; in this process, so it costs little."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")

    def run(code: str, ini: str = INI) -> pytest.RunResult:
        pytester.makeini(ini)
        pytester.makepyfile(code)
        return pytester.runpytest_inprocess("-p", "pytest_asyncio.plugin")

    return run


@pytest.fixture
def start_pytest(request: pytest.FixtureRequest, pytester: pytest.Pytester) -> RunSuite:
    """Run pytest in another process: a fork of a warm one, where there is the plugin for it."""
    with contextlib.suppress(pytest.FixtureLookupError):
        return partial(request.getfixturevalue("warm_pytest").run, pytester)
    return pytester.runpytest_subprocess  # pragma: no cover (in projects this is copied to)


@pytest.fixture
def run_django_suite(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, start_pytest: RunSuite
) -> RunSuite:
    """Run test code under pytest-django, without this project's plugins; in another process."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTHONPATH", str(settings.BASE_DIR))
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "suite_settings")
    plugins = ["-p", "pytest_asyncio.plugin", "-p", "pytest_django.plugin"]

    def run(code: str, database: dict[str, Any], *options: str) -> pytest.RunResult:
        pytester.makeini(INI)
        pytester.makepyfile(code)
        pytester.makepyfile(suite_settings=SETTINGS % database)
        return start_pytest(*plugins, "--no-migrations", *options)

    return run


@pytest.fixture
def database() -> Iterator[dict[str, Any]]:
    """A database for such a suite: on the PostgreSQL server that this run uses, or in a file."""
    name = f"test_suite_{os.getpid()}"
    server = ["ENGINE", "HOST", "PORT", "USER", "PASSWORD"]
    yield {
        **{key: connection.settings_dict[key] for key in server},
        "NAME": "development",
        "TEST": {"NAME": name},
    }
    if connection.vendor == "postgresql":  # pragma: no cover (SQLite's is a file)
        parameters = {**connection.get_connection_params(), "dbname": "postgres"}
        driver = connection.Database  # type: ignore[attr-defined]  # psycopg
        with driver.connect(**parameters, autocommit=True) as own:
            own.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture
def memory_database() -> dict[str, Any]:
    """A database in memory, which is what Django tests SQLite with by default."""
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": "db.sqlite3"}
