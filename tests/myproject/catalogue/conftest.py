"""Fixtures for the tests of the catalogue."""

from collections.abc import Callable
from pathlib import Path

import pytest

from myproject.catalogue.catalogue import Catalogue
from myproject.catalogue.copies import Copy
from myproject.catalogue.patterns import read_pattern
from myproject.catalogue.placement import Placement
from myproject.catalogue.plans import Plan, Planner
from myproject.catalogue.targets import Target
from tests.myproject.catalogue.planning import FILES, TARGET, MakePlan, write

MakePlacement = Callable[..., Placement]
WriteProject = Callable[[dict[str, str]], Path]


@pytest.fixture
def write_project(tmp_path: Path) -> WriteProject:
    """Return a function that writes files, given by path, and returns their folder."""
    return lambda files: write(tmp_path, files)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """Return a project to copy to."""
    return write(tmp_path / "target", TARGET)


@pytest.fixture
def plan(tmp_path: Path, target: Path) -> MakePlan:
    """Return a function that copies a pattern and returns the plan."""
    root = write(tmp_path / "source", FILES)

    def make(name: str, **options: bool) -> Plan:
        copy = Copy(root, Catalogue(root).find(name))
        planner = Planner(copy, Target(target), **options)
        made = planner.make()
        if not made.conflicts:
            planner.placement.write()
        return made

    return make


@pytest.fixture
def placed(tmp_path: Path, target: Path) -> MakePlacement:
    """Return a function that places a pattern's files, of which the first is its test."""

    def place(files: dict[str, str], **options: bool) -> Placement:
        root = write(tmp_path / "ours", files)
        copy = Copy(root, read_pattern(root, next(iter(files))))
        return Placement(copy, Target(target), **options)

    return place
