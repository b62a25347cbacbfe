"""Test what depends on a command that makes files, without keeping any.

Run the command itself in a folder that goes away: it is part of what is promised. The trap is a
copy of what it makes: the next release of Django makes something else.
"""

import pytest

from myproject.catalogue.new_projects import steps_in_new_project


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    steps_in_new_project.cache_clear()


def test_the_steps_say_what_a_new_project_lacks() -> None:
    steps = steps_in_new_project("users-views")

    assert "tests/test_users_views.py" in steps["Written below DIR"].splitlines()
    assert "pytest-django" in steps["Install"]
    assert "DJANGO_SETTINGS_MODULE = config.settings" in steps["Add to pytest.ini in that folder"]
    assert steps["Run there"].endswith("tests/test_users_views.py")


def test_steps_are_made_once() -> None:
    assert steps_in_new_project("users-views") is steps_in_new_project("users-views")
