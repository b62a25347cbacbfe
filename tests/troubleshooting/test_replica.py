"""A read replica, in a test that rolls back.

``"TEST": {"MIRROR": "default"}`` makes the replica read from the test database, through a
connection of its own. That never sees what is not committed, Django's ``TestCase`` or any plugin
notwithstanding. A test of the routing itself needs commits; the others do not need the replica.

Message: none; what a router reads from the replica lacks the rows that the test wrote
Told by: `DATABASES` has a `MIRROR`, and `.using("default")` finds the rows
Cure: `DATABASE_ROUTERS = []` in the tests' settings; where routing is tested, `transaction=True`
Seen on: Django 5.2.19 and 6.1.3
Upstream: https://code.djangoproject.com/ticket/23718
"""

from tests.plugins.inner_suite import InnerSuite

SUITE = """
import pytest
from django.contrib.auth.models import Group
from django.db import connections

connections["other"].settings_dict["TEST"]["MIRROR"] = "default"

class Router:
    def db_for_read(self, model, **hints):
        return "other"

    def db_for_write(self, model, **hints):
        return "default"

@pytest.fixture
def routed(settings):
    settings.DATABASE_ROUTERS = [Router()]

async def create_and_count():
    await Group.objects.acreate(name="Chemists")
    return await Group.objects.acount()

@pytest.mark.django_db(databases=["default", "other"])
async def test_rolled_back(routed):
    assert await create_and_count() == 0

@pytest.mark.django_db(databases=["default", "other"])
async def test_without_routers():
    assert await create_and_count() == 1

@pytest.mark.django_db(databases=["default", "other"], transaction=True)
async def test_committed(routed):
    assert await create_and_count() == 1
"""


def test_a_replica_sees_only_what_is_committed(inner_suite: InnerSuite) -> None:
    result = inner_suite(SUITE)

    result.assert_outcomes(passed=3)
