"""Runs a small test suite inside a test, to see what pytest reports about it.

For tests of test tools: what a plugin does after a test, or to a test that fails, shows only from
outside. ``inner_suite`` writes a Django project and runs the tests it is given, in another process
and on databases of their own.

Needs: pytest-asyncio, pytest-django, pytester, tests/plugins/warm_pytest.py,
    tests/plugins/warm_process.py
"""

from __future__ import annotations

import functools
import shutil
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest
from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from tests.plugins.warm_pytest import WarmPytest

ON_POSTGRESQL = connection.vendor == "postgresql"
# Each kind of database, and its options.
ON_SQLITE: dict[str, dict[str, object]] = {
    "memory": {},
    "file": {"init_command": "PRAGMA synchronous = OFF"},  # nobody needs it after a power failure
}
ON_SERVER: dict[str, dict[str, object]] = {"postgresql": {}, "pool": {"pool": True}}
DATABASES = [*ON_SQLITE, *(ON_SERVER if ON_POSTGRESQL else [])]

INI = """
[pytest]
asyncio_mode = auto
asyncio_default_fixture_loop_scope = function
addopts =
    -p django -p asyncio -p no:cacheprovider
    --ds=inner_settings --nomigrations --strict-markers --tb=short
filterwarnings = error
"""

SERVER = ("ENGINE", "HOST", "PORT", "USER", "PASSWORD")

SETTINGS = """
SECRET_KEY = "only for a test"
USE_TZ = True
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes"]
DATABASES = {databases!r}
"""


class InnerSuite(Protocol):
    """Runs a suite: the tests' source, pytest's options, and plugins from this folder."""

    def __call__(
        self, tests: str, *options: str, plugins: Sequence[str] = ..., database: str = ...
    ) -> pytest.RunResult: ...


def two_databases(
    kind: str, name: str, server: Mapping[str, object]
) -> dict[str, dict[str, object]]:
    """Return the setting for two databases of a kind.

    Args:
        kind: one of ``memory``, ``file``, ``postgresql``, ``pool``.
        name: what the names of the test databases begin with.
        server: the settings of a database on the server to use.
    """
    engine = {"ENGINE": "django.db.backends.sqlite3"}
    return {
        alias: {
            **(engine if kind in ON_SQLITE else {key: server[key] for key in SERVER}),
            "OPTIONS": (ON_SQLITE | ON_SERVER)[kind],
            "TEST": {} if kind == "memory" else {"NAME": f"{name}{alias}"},
        }
        for alias in ("default", "other")
    }


@pytest.fixture(scope="session")
def copy_plugins(tmp_path_factory: pytest.TempPathFactory) -> Callable[[tuple[str, ...]], Path]:
    """Give a function that copies plugins to a folder: the same plugins to the same, once.

    So pytest compiles them once, which takes it as long as running a small suite.
    """

    @functools.cache
    def copy(plugins: tuple[str, ...]) -> Path:
        folder = tmp_path_factory.mktemp("plugins")
        for plugin in plugins:
            target = folder / f"{plugin.replace('.', '/')}.py"
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(Path(__file__).with_name(target.name), target)
        return folder

    return copy


@pytest.fixture
def inner_suite(
    pytester: pytest.Pytester,
    monkeypatch: pytest.MonkeyPatch,
    warm_pytest: WarmPytest,
    copy_plugins: Callable[[tuple[str, ...]], Path],
) -> Iterator[InnerSuite]:
    """Give a function that writes the tests it is given, runs them and returns the result.

    The plugins are copied, as a reader would copy them. Databases: ``memory`` and ``file`` are
    SQLite, ``postgresql`` and ``pool`` are on the PostgreSQL server that this run uses.
    """
    name = f"test_{uuid.uuid4().hex}_"

    def run(
        tests: str,
        *options: str,
        plugins: Sequence[str] = ("async_rollback", "async_db", "leak_detector", "leftovers"),
        database: str = "file",
    ) -> pytest.RunResult:
        monkeypatch.setenv("PYTHONPATH", str(copy_plugins(tuple(plugins))))
        monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        pytester.makeini(INI)
        pytester.makeconftest(f"pytest_plugins = {plugins}")
        databases = two_databases(database, name, connection.settings_dict)
        settings = SETTINGS.format(databases=databases)
        pytester.makepyfile(inner_settings=settings, test_inner=tests)
        return warm_pytest.run(pytester, *options)

    yield run

    if ON_POSTGRESQL:  # pragma: no cover (drops what a suite without the plugins leaves there)
        # The test's own connection may be in a transaction, and its database none that is there.
        parameters = {**connection.get_connection_params(), "dbname": "postgres"}
        driver = connection.Database  # type: ignore[attr-defined]  # psycopg
        with driver.connect(**parameters, autocommit=True) as own:
            own.execute(f"DROP DATABASE IF EXISTS {name}default WITH (FORCE)")
            own.execute(f"DROP DATABASE IF EXISTS {name}other WITH (FORCE)")


@pytest.fixture(params=DATABASES)
def any_database(request: pytest.FixtureRequest) -> str:
    """Each kind of database in turn, as a name for ``inner_suite``."""
    kind: str = request.param
    return kind
