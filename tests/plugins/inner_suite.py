"""Runs a small test suite inside a test, to see what pytest reports about it.

``inner_suite`` writes a Django project with a database of its own and runs the tests it is
given, in a process of their own.
"""

from __future__ import annotations

import os
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable

PLUGINS = Path(__file__).parent
ON_POSTGRESQL = os.environ.get("DATABASE_URL", "").startswith("postgres")
DATABASES = ["memory", "file", *(["postgresql", "pool"] if ON_POSTGRESQL else [])]

INI = """
[pytest]
DJANGO_SETTINGS_MODULE = inner_settings
asyncio_mode = auto
asyncio_default_fixture_loop_scope = function
addopts = --strict-markers -p no:randomly -p no:cacheprovider -p no:blockbuster
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
    """Runs tests in a project of their own."""

    def __call__(
        self,
        tests: str,
        *options: str,
        plugins: Iterable[str] = ("async_rollback", "async_db", "leak_detector"),
        database: str = "file",
    ) -> pytest.RunResult: ...


@pytest.fixture
def inner_suite(pytester: pytest.Pytester) -> InnerSuite:
    """Return a function that writes the tests it is given, runs them and returns the result.

    The plugins are copied, as a reader would copy them. Databases: ``memory`` and ``file`` are
    SQLite; ``postgresql`` and ``pool`` are a new database on the server of ``DATABASE_URL``.
    """

    def run(
        tests: str,
        *options: str,
        plugins: Iterable[str] = ("async_rollback", "async_db", "leak_detector"),
        database: str = "file",
    ) -> pytest.RunResult:
        for plugin in plugins:
            pytester.makepyfile(**{plugin: (PLUGINS / f"{plugin}.py").read_text()})
        url = "sqlite://:memory:" if database in {"memory", "file"} else os.environ["DATABASE_URL"]
        settings = SETTINGS.format(
            url=url,
            name="" if database == "memory" else f"test_{uuid.uuid4().hex}_",
            options={"pool": True} if database == "pool" else {},
        )
        pytester.makeini(INI)
        pytester.makeconftest(f"pytest_plugins = {list(plugins)}")
        pytester.makepyfile(inner_settings=settings, test_inner=tests)
        return pytester.runpytest_subprocess("-p", "no:xdist", "-p", "no:cov", *options)

    return run


@pytest.fixture(params=DATABASES)
def any_database(request: pytest.FixtureRequest) -> str:
    """Each kind of database in turn, as a name for ``inner_suite``."""
    return str(request.param)
