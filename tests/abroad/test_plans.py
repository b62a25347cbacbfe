"""Test that each pattern runs where it is copied, by following its plan in fresh projects.

Run it with ``nox -s abroad``: a machine copies each pattern into new projects of several layouts,
does what the plan says with just the packages it names, and runs its command. The trap is a check
in the repository itself, where everything is at hand.
Code: myproject/catalogue/plans.py
"""

from pathlib import Path

import pytest

from myproject.catalogue.catalogue import get_catalogue
from tests.abroad.projects import FILES, Project

pytestmark = [pytest.mark.abroad, pytest.mark.timeout(600)]

PATTERNS = [pattern.slug for pattern in get_catalogue().patterns if pattern.copyable]
LAYOUTS = [layout for layout in FILES if layout != "default"]
# One of each kind is followed in the other layouts; all of them in the default one.
SOME = [
    "users-counts",
    "users-orm-instances",
    "chat-consumers",
    "chat-logged-in-sockets",
    "external-views",
    "myproject-parsers",
    "plugins-blocking-calls",
    "troubleshooting-row-leak",
    "troubleshooting-force-login",
]


@pytest.mark.parametrize("slug", PATTERNS)
def test_a_pattern_runs_in_a_new_project(tmp_path: Path, slug: str) -> None:
    project = Project(tmp_path / "project", "default")
    plan = project.plan(slug)
    project.follow(plan)

    result = project.run(plan["run"])

    assert plan["conflicts"] == []
    assert result.returncode == 0, result.stdout + result.stderr
    assert " passed" in result.stdout


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("slug", SOME)
def test_a_pattern_runs_in_a_project_of_another_layout(
    tmp_path: Path, slug: str, layout: str
) -> None:
    project = Project(tmp_path / "project", layout)
    plan = project.plan(slug)
    project.follow(plan)

    result = project.run(plan["run"])

    assert plan["conflicts"] == []
    assert result.returncode == 0, result.stdout + result.stderr
    assert " passed" in result.stdout


@pytest.mark.parametrize("layout", FILES)
def test_plans_followed_one_after_the_other_leave_all_tests_running(
    tmp_path: Path, layout: str
) -> None:
    project = Project(tmp_path / "project", layout)
    commands = [project.copy(slug) for slug in SOME]

    result = project.run(f"{commands[0].rpartition(' ')[0]} tests")

    assert result.returncode == 0, result.stdout + result.stderr
