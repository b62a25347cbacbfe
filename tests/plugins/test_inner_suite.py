"""Run a small suite inside a test, to see what pytest reports about it.

Use it for plugins and fixtures, whose work is what happens around a test. The trap is to call the
plugin's functions by hand: in a suite, other plugins and the order of fixtures have a say.
"""

from tests.plugins.inner_suite import InnerSuite

ASKING = """
from django.contrib.auth.models import Group
from django.db import connections

async def test_it_is_asynchronous(db):
    await Group.objects.acreate(name="here")

def test_the_databases(db):
    for alias in ("default", "other"):
        print(alias, connections[alias].vendor, connections[alias].settings_dict["NAME"])
        print("pool" in connections[alias].settings_dict["OPTIONS"])

def test_a_warning():
    import warnings
    warnings.warn("is an error")
"""


def test_outcomes_are_those_of_the_inner_suite(inner_suite: InnerSuite) -> None:
    result = inner_suite(ASKING, plugins=["async_rollback"])

    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["*UserWarning: is an error"])


def test_options_are_pytests(inner_suite: InnerSuite) -> None:
    result = inner_suite(ASKING, "-k", "asynchronous", plugins=[])

    result.assert_outcomes(passed=1, deselected=2)


def test_a_misspelt_marker_fails(inner_suite: InnerSuite) -> None:
    result = inner_suite("import pytest\n@pytest.mark.jango_db\ndef test(): pass", plugins=[])

    result.assert_outcomes(errors=1)


def test_it_has_two_databases_of_the_kind_that_is_asked_for(
    inner_suite: InnerSuite, any_database: str
) -> None:
    result = inner_suite(ASKING, "-s", "-k", "databases", database=any_database)

    vendor = "postgresql" if any_database in {"postgresql", "pool"} else "sqlite"
    pool = any_database == "pool"
    result.stdout.fnmatch_lines([f"*default {vendor} *", f"{pool}", f"other {vendor} *", f"{pool}"])
    assert ("mode=memory" in result.stdout.str()) is (any_database == "memory")


def test_it_has_the_projects_plugins_beside_it(inner_suite: InnerSuite) -> None:
    result = inner_suite("def test(rollback, commit_hooks): pass", "--fixtures")

    result.stdout.fnmatch_lines(["*fixtures defined from async_db*"])
