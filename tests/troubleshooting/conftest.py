"""Small suites of somebody else, run inside a test: for errors that end a test, or a whole run."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection

RunSuite = Callable[..., pytest.RunResult]

INI = """
[pytest]
asyncio_mode = auto
asyncio_default_fixture_loop_scope = function
"""

# This project's user model in a project that is plain otherwise.
SETTINGS = """
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "users"]
AUTH_USER_MODEL = "users.User"
USE_TZ = True
DATABASES = {"default": %r}
"""


@pytest.fixture
def run_suite(pytester: pytest.Pytester) -> RunSuite:
    """Run test code under pytest and pytest-asyncio alone; in this process, so it costs little."""

    def run(code: str, ini: str = INI) -> pytest.RunResult:
        pytester.makeini(ini)
        pytester.makepyfile(code)
        return pytester.runpytest_inprocess("-p", "no:django", "-p", "no:randomly")

    return run


@pytest.fixture
def run_django_suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> RunSuite:
    """Run test code under pytest-django, without this project's plugins; in another process."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTHONPATH", str(settings.BASE_DIR))
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "suite_settings")
    plugins = ["-p", "pytest_asyncio.plugin", "-p", "pytest_django.plugin"]

    def run(code: str, database: dict[str, Any], *options: str) -> pytest.RunResult:
        pytester.makeini(INI)
        pytester.makepyfile(code)
        pytester.makepyfile(suite_settings=SETTINGS % database)
        return pytester.runpytest_subprocess(*plugins, "--no-migrations", *options)

    return run


@pytest.fixture
def database() -> Iterator[dict[str, Any]]:
    """A database for such a suite: on the PostgreSQL server that this run uses, or in a file."""
    if connection.vendor != "postgresql":
        sqlite = {"ENGINE": "django.db.backends.sqlite3", "NAME": "db.sqlite3"}
        yield {**sqlite, "TEST": {"NAME": "test.sqlite3"}}
        return
    server = {key: connection.settings_dict[key] for key in ["HOST", "PORT", "USER", "PASSWORD"]}
    name = f"suite_{os.getpid()}"
    yield {**server, "ENGINE": "django.db.backends.postgresql", "NAME": name}
    login = {key.lower(): value for key, value in server.items() if value}
    with psycopg.connect(dbname="postgres", autocommit=True, **login) as postgres:
        postgres.execute(f"DROP DATABASE IF EXISTS test_{name} WITH (FORCE)")


@pytest.fixture
def memory_database() -> dict[str, Any]:
    """A database in memory, which is what Django tests SQLite with by default."""
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": "db.sqlite3"}
