"""Fixtures for the tests of the command."""

from pathlib import Path

import pytest
from pytest_mock import MockerFixture

from myproject.catalogue.catalogue import Catalogue
from tests.myproject.catalogue.management.commands.calling import FILES
from tests.myproject.catalogue.planning import write


@pytest.fixture(autouse=True)
def root(tmp_path: Path, mocker: MockerFixture) -> Path:
    """Give the command a small project."""
    root = write(tmp_path / "source", FILES)
    mocker.patch(
        "myproject.catalogue.management.commands.patterns.get_catalogue",
        return_value=Catalogue(root),
    )
    return root


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """Return a project to copy to."""
    target = tmp_path / "target"
    (target / "shop").mkdir(parents=True)
    (target / "shop/settings.py").write_text("")
    (target / "manage.py").write_text('setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")')
    return target
