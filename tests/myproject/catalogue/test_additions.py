"""Test what is to be appended to a project's own modules.

Give the project some of it already, in each way that people write it: what is there is left out.
The trap is a text that is right by itself, and replaces what it is appended to.
"""

from pathlib import Path

import pytest

from tests.myproject.catalogue.planning import MakePlan, write


def test_a_plan_wires_in_what_is_copied(plan: MakePlan) -> None:
    made = plan("chat-consumers")

    assert made.settings == (
        '\nINSTALLED_APPS = [*INSTALLED_APPS, "rest_framework"]\n'
        'CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer",'
        ' "CONFIG": {"capacity": 10_000}}}\n'
        'MIDDLEWARE = ["shop.middleware.json_errors_middleware", *MIDDLEWARE]\n'
    )
    assert 'path("ws/", checked(Chat.as_asgi())),' in made.asgi
    assert made.urls == ""
    assert made.conftest == (
        '\npytest_plugins = ["pytester", "tests.plugins.chat_fixtures", "tests.plugins.sockets"]\n'
    )


@pytest.mark.parametrize(
    ("conftest", "added"),
    [
        ("x = y = 1\n", '"pytester", "tests.plugins.chat_fixtures", "tests.plugins.sockets"'),
        (
            'pytest_plugins = ["mine"]\nx = "pytester"\n',
            '*pytest_plugins, "pytester", "tests.plugins.chat_fixtures", "tests.plugins.sockets"',
        ),
        (
            'pytest_plugins: str = "pytester"\n',
            'pytest_plugins, "tests.plugins.chat_fixtures", "tests.plugins.sockets"',
        ),
        (
            'mine = pytest_plugins = ["tests.plugins.sockets"]\npytest_plugins += ("pytester",)\n',
            '*pytest_plugins, "tests.plugins.chat_fixtures"',
        ),
    ],
    ids=["none", "others", "one", "ours"],
)
def test_the_plugins_of_a_project_stay(
    plan: MakePlan, target: Path, conftest: str, added: str
) -> None:
    write(target, {"conftest.py": conftest})

    assert plan("chat-consumers").conftest == f"\npytest_plugins = [{added}]\n"


def test_plugins_that_are_there_are_not_added_again(plan: MakePlan, target: Path) -> None:
    plugins = (
        'pytest_plugins = ["pytester", "tests.plugins.chat_fixtures", "tests.plugins.sockets"]'
    )
    write(target, {"conftest.py": plugins})

    assert plan("chat-consumers").conftest == ""
