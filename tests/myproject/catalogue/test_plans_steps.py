"""Test how a plan is told to somebody who is going to follow it.

Make the plan by hand, with something of everything, and compare all its steps. The trap is a step
for which there is nothing to do.
"""

import pytest

from myproject.catalogue.plans import Plan

FULL = Plan(
    files=["chat/views.py", "chat/apps.py", "tests/test_x.py"],
    packages=["Django>=5", "channels"],
    settings="\nA = 1\n",
    urls="\nurlpatterns += []\n",
    asgi="\napplication = None\n",
    conftest='\npytest_plugins = ["x"]\n',
    pytest={"timeout": "9", "asyncio_mode": "auto"},
    run="python -m pytest tests/test_x.py",
    advice=["Know this.", "And that."],
    recommended=["Do this.", "Or that."],
    present=["chat/apps.py"],
    into={"settings": "s.py", "urls": "u.py", "asgi": "a.py", "conftest": "conftest.py"},
)


def test_a_plan_is_told_in_steps() -> None:
    assert FULL.steps("DIR") == {
        "Written below DIR": "chat/views.py\ntests/test_x.py",
        "Install": '"Django>=5" "channels"',
        "Append to s.py": "A = 1",
        "Append to u.py": "urlpatterns += []",
        "Append to a.py": "application = None",
        "Append to conftest.py": 'pytest_plugins = ["x"]',
        "Add to pytest.ini in that folder": "[pytest]\ntimeout = 9\nasyncio_mode = auto",
        "Know": "Know this.\nAnd that.",
        "Run there": "python -m pytest tests/test_x.py",
        "Recommended": "Do this.\nOr that.",
    }


def test_what_there_is_nothing_to_do_for_is_left_out() -> None:
    plan = Plan(files=["x.py"], present=["x.py"], run="python -m pytest x.py")

    assert plan.steps("DIR") == {
        "Nothing to write": "All of it is there already.",
        "Run there": "python -m pytest x.py",
    }


@pytest.mark.parametrize(
    "plan",
    [
        Plan(files=["x.py"]),
        Plan(settings="x"),
        Plan(urls="x"),
        Plan(asgi="x"),
        Plan(conftest="x"),
        Plan(pytest={"timeout": "9"}),
    ],
    ids=["files", "settings", "urls", "asgi", "conftest", "pytest"],
)
def test_a_plan_is_new_if_there_is_anything_to_write(plan: Plan) -> None:
    assert plan.is_new


def test_a_plan_of_which_all_is_there_is_not_new() -> None:
    assert not Plan(files=["x.py"], present=["x.py"], packages=["x"], run="x").is_new


def test_a_plan_is_there_for_programs_with_all_it_has() -> None:
    assert Plan(conflicts=["y"]).as_dict() == {
        "files": [],
        "packages": [],
        "settings": "",
        "urls": "",
        "asgi": "",
        "conftest": "",
        "pytest": {},
        "run": "",
        "conflicts": ["y"],
        "advice": [],
        "recommended": [],
        "present": [],
        "into": {},
    }
