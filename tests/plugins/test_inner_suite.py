"""Run a small suite inside a test, to see what pytest reports about it.

Use it for plugins and fixtures, whose work is what happens around a test. The trap is to call the
plugin's functions by hand: in a suite, other plugins and the order of fixtures have a say.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection

from tests.plugins.inner_suite import InnerSuite, two_databases

CopyPlugins = Callable[[tuple[str, ...]], Path]

ASKING = """
import pytest
from django.contrib.auth.models import Group
from django.db import connections

async def test_it_is_asynchronous(db):
    await Group.objects.acreate(name="here")

@pytest.mark.django_db(databases=["default", "other"])
def test_the_databases():
    for alias in ("default", "other"):
        print(alias, connections[alias].vendor, connections[alias].settings_dict["NAME"])
        print("pool" in connections[alias].settings_dict["OPTIONS"])

def test_a_warning():
    import warnings
    warnings.warn("is an error")
"""

ASKS_ABOUT_THE_DISK = """
from django.db import connection

def test_it(db):
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA synchronous").fetchone() == (0,)
"""

ASKS_FOR_PLUGINS = """
def test_it(pytestconfig):
    for name in ("async_rollback", "async_db", "leak_detector", "leftovers"):
        assert pytestconfig.pluginmanager.has_plugin(name)
"""

TELLS_KIND = "def test_it(any_database): print('kind:', any_database)"


def test_outcomes_are_those_of_the_inner_suite(inner_suite: InnerSuite) -> None:
    result = inner_suite(ASKING, plugins=["async_rollback"])

    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["*UserWarning: is an error"])


def test_options_are_pytests(inner_suite: InnerSuite) -> None:
    result = inner_suite(ASKING, "-k", "asynchronous", plugins=[])

    result.assert_outcomes(passed=1, deselected=2)


@pytest.mark.parametrize(
    "tests",
    ["import pytest\n@pytest.mark.jango_db\ndef test(): pass", "def test(mocker): pass"],
    ids=["a misspelt marker", "a plugin that is only installed"],
)
def test_what_the_suite_does_not_name_it_does_not_have(inner_suite: InnerSuite, tests: str) -> None:
    inner_suite(tests, plugins=[]).assert_outcomes(errors=1)


def test_it_has_two_databases_of_the_kind_that_is_asked_for(
    inner_suite: InnerSuite, any_database: str
) -> None:
    result = inner_suite(ASKING, "-s", "-k", "databases", database=any_database)

    vendor = "postgresql" if any_database in {"postgresql", "pool"} else "sqlite"
    pool = any_database == "pool"
    result.stdout.fnmatch_lines([f"*default {vendor} *", f"{pool}", f"other {vendor} *", f"{pool}"])
    assert ("mode=memory" in result.stdout.str()) is (any_database == "memory")


def test_a_file_does_not_wait_for_the_disk(inner_suite: InnerSuite) -> None:
    inner_suite(ASKS_ABOUT_THE_DISK, plugins=[]).assert_outcomes(passed=1)


SERVER = {"ENGINE": "x", "HOST": "h", "PORT": 1, "USER": "u", "PASSWORD": "p", "NAME": "shop"}


@pytest.mark.parametrize(("kind", "options"), [("postgresql", {}), ("pool", {"pool": True})])
def test_on_a_server_it_keeps_off_the_projects_database(
    kind: str, options: dict[str, object]
) -> None:
    databases = two_databases(kind, "test_1_", SERVER)

    login = {"ENGINE": "x", "HOST": "h", "PORT": 1, "USER": "u", "PASSWORD": "p"}
    assert databases == {
        "default": {**login, "OPTIONS": options, "TEST": {"NAME": "test_1_default"}},
        "other": {**login, "OPTIONS": options, "TEST": {"NAME": "test_1_other"}},
    }


@pytest.fixture
def dropped() -> Iterator[list[str]]:  # pragma: no cover (on PostgreSQL only)
    """Give a list for names of databases, to be gone when the fixtures after it have ended."""
    names: list[str] = []
    yield names
    parameters = {**connection.get_connection_params(), "dbname": "postgres"}
    with connection.Database.connect(**parameters) as own:  # type: ignore[attr-defined]  # psycopg
        found = own.execute("SELECT datname FROM pg_database WHERE datname = ANY(%s)", [names])
        assert found.fetchall() == []


@pytest.mark.postgresql
def test_what_a_suite_leaves_on_the_server_is_dropped_whatever_database_the_project_has(
    dropped: list[str], inner_suite: InnerSuite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(connection.settings_dict, "NAME", "nowhere")
    options = ("-s", "-k", "databases", "--reuse-db")
    result = inner_suite(ASKING, *options, plugins=[], database="postgresql")

    dropped += re.findall(r"postgresql (test_\w+)", result.stdout.str())
    assert len(dropped) == 2


@pytest.mark.parametrize(
    ("engine", "kinds"),
    [("sqlite3", ["memory", "file"]), ("postgresql", ["memory", "file", "postgresql", "pool"])],
)
def test_any_database_is_each_kind_that_there_is_in_turn(
    inner_suite: InnerSuite, pytester: pytest.Pytester, engine: str, kinds: list[str]
) -> None:
    pytest.importorskip("psycopg")
    database = {"ENGINE": f"django.db.backends.{engine}", "NAME": "never opened"}
    pytester.makepyfile(elsewhere=f"DATABASES = {{'default': {database}}}")

    result = inner_suite(TELLS_KIND, "-s", "--ds=elsewhere", plugins=["inner_suite"])

    result.assert_outcomes(passed=len(kinds))
    assert re.findall(r"kind: (\w+)", result.stdout.str()) == kinds


def test_it_has_the_projects_plugins_beside_it(inner_suite: InnerSuite) -> None:
    inner_suite(ASKS_FOR_PLUGINS).assert_outcomes(passed=1)


@pytest.fixture(scope="session")
def copied(copy_plugins: CopyPlugins) -> Path:
    return copy_plugins(("leftovers", "tests.plugins.caches", "tests.plugins.people"))


def test_plugins_are_copied_once(copy_plugins: CopyPlugins, copied: Path) -> None:
    files = sorted(str(file.relative_to(copied)) for file in copied.rglob("*.py"))

    assert files == ["leftovers.py", "tests/plugins/caches.py", "tests/plugins/people.py"]
    assert copy_plugins(("leftovers", "tests.plugins.caches", "tests.plugins.people")) == copied
