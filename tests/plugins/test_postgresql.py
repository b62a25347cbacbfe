"""Mark the tests that only PostgreSQL can pass.

Use the marker for row locks and the like, and let CI have a PostgreSQL. The trap is ``skipif``: a
run without the service then looks as complete as one with it.
"""

import pytest
from django.db import connection

from tests.plugins.inner_suite import ON_POSTGRESQL, InnerSuite
from tests.plugins.postgresql import pytest_collection_modifyitems

SUITE = """
import pytest

@pytest.mark.postgresql
def test_locks():
    pass

def test_others():
    pass
"""


@pytest.mark.parametrize("database", ["file", *(["postgresql"] if ON_POSTGRESQL else [])])
def test_a_marked_test_is_left_out_and_counted_on_another_database(
    inner_suite: InnerSuite, database: str
) -> None:
    result = inner_suite(SUITE, plugins=["postgresql"], database=database)

    here = database == "postgresql"
    result.assert_outcomes(passed=1 + here, deselected=1 - here)


def test_the_marker_is_explained(inner_suite: InnerSuite) -> None:
    result = inner_suite(SUITE, "--markers", plugins=["postgresql"])

    result.stdout.fnmatch_lines(["@pytest.mark.postgresql: row locks*; needs DATABASE_URL."])


@pytest.mark.parametrize(("vendor", "left"), [("postgresql", 1), ("sqlite", 0), ("mysql", 0)])
def test_the_vendor_decides(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, vendor: str, left: int
) -> None:
    request.node.add_marker("postgresql")
    monkeypatch.setattr(connection, "vendor", vendor)
    monkeypatch.setattr(request.config.hook, "pytest_deselected", lambda items: None)
    items = [request.node]

    pytest_collection_modifyitems(request.config, items)

    assert items == [request.node] * left
