"""Test async views in Django's own test cases, with ``manage.py test`` or with pytest.

Use it where a suite is made of classes: async methods of ``TestCase`` are awaited, on a loop of
their own, and what they write is rolled back, with either runner. The trap is the set-up: only test
methods may be async, and ``IsolatedAsyncioTestCase`` does not belong here at all.

Code: users/views.py
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.test import TestCase

from tests.factories import UserFactory, acreate_user
from users.models import User


class UserListTests(TestCase):
    ada: User

    @classmethod
    def setUpTestData(cls) -> None:
        cls.ada = UserFactory.create()

    async def test_shows_who_is_there(self) -> None:
        response = await self.async_client.get("/api/users/")

        assert [person["id"] for person in response.json()["users"]] == [self.ada.pk]

    async def test_shows_whoever_comes(self) -> None:
        bob = await acreate_user()

        response = await self.async_client.get("/api/users/")

        assert [person["id"] for person in response.json()["users"]] == [self.ada.pk, bob.pk]

    def test_shows_the_same_to_the_sync_client(self) -> None:
        response = self.client.get("/api/users/")

        assert [person["id"] for person in response.json()["users"]] == [self.ada.pk]


SETTINGS = f"""
from {settings.SETTINGS_MODULE} import *
DATABASES = {{"default": {{"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}}}
"""


def test_the_same_tests_pass_under_djangos_own_runner(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "own_database.py").write_text(SETTINGS)  # none that this run uses
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "own_database")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), *filter(None, sys.path)]))
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    tests = Path(__file__)

    result = subprocess.run(
        [sys.executable, "-m", "django", "test", tests.parent, "--pattern", tests.name],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )

    assert "Ran 3 tests" in result.stderr
    assert result.returncode == 0
