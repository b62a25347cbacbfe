"""Runs a small test suite inside a test, to see what pytest reports about it.

For tests of test tools: what a plugin does after a test, or to a test that fails, shows only from
outside. ``inner_suite`` writes a Django project and runs the tests it is given, in another process
and on databases of their own.
"""

from __future__ import annotations

import os
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import psycopg
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DATABASE_URL = os.environ.get("DATABASE_URL", "")
ON_POSTGRESQL = DATABASE_URL.startswith("postgres")
DATABASES = ["memory", "file", *(["postgresql", "pool"] if ON_POSTGRESQL else [])]

INI = """
[pytest]
asyncio_mode = auto
asyncio_default_fixture_loop_scope = function
addopts =
    -p django -p asyncio -p no:cacheprovider
    --ds=inner_settings --nomigrations --strict-markers --tb=short
filterwarnings = error
"""

SETTINGS = """
import environ

SECRET_KEY = "only for a test"
USE_TZ = True
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes"]
DATABASES = {{alias: environ.Env.db_url_config({url!r}) for alias in ("default", "other")}}
for alias, database in DATABASES.items():
    database["TEST"] = {{"NAME": {name!r} and {name!r} + alias}}
    database["OPTIONS"] = {options!r}
"""


class InnerSuite(Protocol):
    """Runs a suite: the tests' source, pytest's options, and plugins from this folder."""

    def __call__(
        self, tests: str, *options: str, plugins: Iterable[str] = ..., database: str = ...
    ) -> pytest.RunResult: ...


@pytest.fixture
def inner_suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Iterator[InnerSuite]:
    """Give a function that writes the tests it is given, runs them and returns the result.

    The plugins are copied into the project, as a reader would copy them. Databases: ``memory``
    and ``file`` are SQLite, ``postgresql`` and ``pool`` are on the server of ``DATABASE_URL``.
    """
    name = f"test_{uuid.uuid4().hex}_"

    def run(
        tests: str,
        *options: str,
        plugins: Iterable[str] = ("async_rollback", "async_db", "leak_detector"),
        database: str = "file",
    ) -> pytest.RunResult:
        for plugin in plugins:
            source = Path(__file__).with_name(f"{plugin}.py").read_text()
            pytester.makepyfile(**{plugin: source})
        settings = SETTINGS.format(
            url="sqlite://:memory:" if database in {"memory", "file"} else DATABASE_URL,
            name="" if database == "memory" else name,
            options={"pool": True} if database == "pool" else {},
        )
        # Starting pytest is most of such a run: two thirds of it goes with these.
        monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
        pytester.makeini(INI)
        pytester.makeconftest(f"pytest_plugins = {list(plugins)}")
        pytester.makepyfile(inner_settings=settings, test_inner=tests)
        return pytester.runpytest_subprocess(*options)

    yield run

    if ON_POSTGRESQL:  # pragma: no cover (drops what a suite without the plugins leaves there)
        with psycopg.connect(DATABASE_URL, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name}default WITH (FORCE)")
            connection.execute(f"DROP DATABASE IF EXISTS {name}other WITH (FORCE)")


@pytest.fixture(params=DATABASES)
def any_database(request: pytest.FixtureRequest) -> str:
    """Each kind of database in turn, as a name for ``inner_suite``."""
    return str(request.param)
