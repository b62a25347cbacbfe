"""Test that patterns run side by side in one project, in each layout.

Copy one after the other, follow each plan, and run all of them at once, in random order: what one
brings must not break another, on SQLite and, where it is at hand, on PostgreSQL. All patterns are
spread over the layouts, by their names. Here all packages are installed, so that each plan names
those it needs is looked up. The trap is a pattern that runs because it is alone.
Code: myproject/catalogue/plans.py
"""

import os
import sys
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
from django.db import connection

from myproject.catalogue.catalogue import get_catalogue
from myproject.catalogue.wiring import ABOUT_THE_USER_MODEL
from tests.abroad.projects import FILES, Project
from tests.plugins.inner_suite import ON_POSTGRESQL, SERVER

pytestmark = [pytest.mark.abroad, pytest.mark.timeout(1200)]

PATTERNS = [pattern for pattern in get_catalogue().patterns if pattern.copyable]
LAYOUTS = list(FILES)
ABOUT_USERS = [p.slug for p in PATTERNS if p.test.path in ABOUT_THE_USER_MODEL]
OTHERS = [p.slug for p in PATTERNS if p.test.path not in ABOUT_THE_USER_MODEL]


def spread(turn: int) -> list[tuple[str, list[str]]]:
    """Return a share of the patterns for each layout; in as many turns, each is in all layouts."""
    return [
        (
            layout,
            [slug for slug in OTHERS if (crc32(slug.encode()) + turn) % len(LAYOUTS) == number],
        )
        for number, layout in enumerate(LAYOUTS)
    ]


def shares(database: str, turn: int) -> list[Any]:
    """Return what is to be copied into which project; all patterns once."""
    # Patterns about a user model of their own need a project that has none of its own.
    parts = {"users": ("default", ABOUT_USERS), **{part[0]: part for part in spread(turn)}}
    return [pytest.param(database, *part, id=f"{database}-{name}") for name, part in parts.items()]


SHARES = [*shares("sqlite", 0), *(shares("postgresql", 1) if ON_POSTGRESQL else [])]


@pytest.mark.parametrize(("database", "layout", "slugs"), SHARES)
def test_all_patterns_run_side_by_side(
    tmp_path: Path, database: str, layout: str, slugs: list[str]
) -> None:
    server = {key: connection.settings_dict[key] for key in SERVER}
    theirs = {**server, "NAME": "development", "TEST": {"NAME": f"test_abroad_{os.getpid()}"}}
    project = Project(tmp_path / "project", layout, theirs if database == "postgresql" else None)
    plans = [project.plan(slug, follow=True) for slug in slugs]

    result = project.run(f"{plans[-1]['run'].rpartition(' ')[0]} tests", Path(sys.prefix))

    assert [plan["conflicts"] for plan in plans if plan["conflicts"]] == []
    assert [plan["run"] for plan in plans if project.unnamed(plan)] == []
    assert result.returncode == 0, result.stdout + result.stderr
