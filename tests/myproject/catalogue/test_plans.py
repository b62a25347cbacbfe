"""Test what fits into a project that has some of it already.

Make the project, follow the plan, and plan again: what is there is left out, and what is somebody
else's is never touched. The trap is a project that is empty: everything fits into that one.
"""

from pathlib import Path

import pytest

from myproject.catalogue.plans import Plan
from tests.myproject.catalogue.planning import FILES, MakePlan, write


def follow(plan: Plan, target: Path) -> None:
    """Do what a plan says."""
    for path, text in {
        "shop/settings.py": plan.settings,
        "shop/urls.py": plan.urls,
        "shop/asgi.py": plan.asgi,
        "conftest.py": plan.conftest,
        "pytest.ini": "\n".join(["[pytest]", *(f"{k} = {v}" for k, v in plan.pytest.items()), ""]),
    }.items():
        with (target / path).open("a") as file:
            file.write(text)


def test_a_plan_holds_what_is_to_be_appended(plan: MakePlan) -> None:
    sockets, views = plan("chat-consumers"), plan("chat-views")

    assert sockets.settings.startswith("\nINSTALLED_APPS = [*INSTALLED_APPS, ")
    assert sockets.conftest.startswith("\npytest_plugins = [")
    assert sockets.asgi.startswith("\nfrom channels.auth import AuthMiddlewareStack  #")
    assert views.urls.startswith("\nfrom django.urls import include, path\n")


@pytest.mark.parametrize("name", ["chat-consumers", "chat-views"])
def test_a_plan_that_was_followed_leaves_nothing_to_do(
    plan: MakePlan, target: Path, name: str
) -> None:
    follow(plan(name), target)

    again = plan(name)

    assert (again.settings, again.urls, again.asgi, again.conftest) == ("", "", "", "")
    assert (again.pytest, again.conflicts) == ({}, [])


def test_what_is_in_the_way_is_replaced_when_told_to(plan: MakePlan, target: Path) -> None:
    write(target, {"chat/apps.py": "# ours", "tests/test_chat_views.py": "", "chat/views.py": "x"})

    assert plan("chat-views", overwrite=True).conflicts == []
    assert (target / "chat/views.py").read_text() == FILES["chat/views.py"].replace(
        "from users.models import User", "from django.contrib.auth import get_user_model"
    ) + "\nUser = get_user_model()\n"


def test_a_helper_is_replaced_where_it_is(plan: MakePlan, target: Path) -> None:
    write(target, {"tests/factories.py": "# theirs"})

    assert "tests/factories.py" in plan("chat-views", overwrite=True).files


def test_a_test_that_is_copied_without_the_rollback_plugin_commits(
    plan: MakePlan, target: Path, tmp_path: Path
) -> None:
    with (tmp_path / "source/tests/chat/test_consumers.py").open("a") as test:
        test.write("pytestmark = pytest.mark.django_db\nasync def test_that(): ...\n")

    made = plan("chat-consumers")

    assert "django_db(transaction=True)" in (target / "tests/test_chat_consumers.py").read_text()
    assert made.recommended == [
        "To roll back instead of committing, which is several times as fast, copy "
        "plugins-async-rollback, too; then plain django_db will do, without transaction=True."
    ]


def test_what_is_there_is_not_recommended(plan: MakePlan, target: Path, tmp_path: Path) -> None:
    with (tmp_path / "source/tests/chat/test_consumers.py").open("a") as test:
        test.write("pytestmark = pytest.mark.django_db\nasync def test_that(): ...\n")
    write(target, {"conftest.py": 'pytest_plugins = ["tests.plugins.async_rollback"]'})

    assert plan("chat-consumers").recommended == []


def test_a_test_that_commits_anyway_needs_nothing_recommended(plan: MakePlan) -> None:
    assert plan("chat-consumers").recommended == []


def test_a_plan_says_what_is_written_and_what_is_there(plan: MakePlan, target: Path) -> None:
    write(target, {"chat/apps.py": "# ours", "shop/middleware.py": ""})

    made = plan("chat-consumers")

    assert made.files == [
        "chat/__init__.py",
        "chat/apps.py",
        "chat/consumers.py",
        "shop/middleware.py",
        "tests/__init__.py",
        "tests/plugins/chat_fixtures.py",
        "tests/plugins/sockets.py",
        "tests/test_chat_consumers.py",
    ]
    assert made.present == ["chat/apps.py", "shop/middleware.py"]
    assert made.packages[:3] == ["Django>=5", "channels>=4", "daphne"]


def test_texts_go_where_a_project_has_such_modules(plan: MakePlan) -> None:
    assert plan("chat-views").into == {
        "settings": "shop/settings.py",
        "urls": "shop/urls.py",
        "asgi": "shop/asgi.py",
        "conftest": "conftest.py",
        "pytest": "pytest.ini",
    }


def test_a_module_that_is_missing_is_to_be_made(plan: MakePlan, target: Path) -> None:
    (target / "shop/settings.py").unlink()
    (target / "shop/asgi.py").unlink()
    write(target, {"shop/settings/__init__.py": 'ROOT_URLCONF = "shop.web.urls"\n'})

    made = plan("chat-consumers")

    assert (made.into["settings"], made.into["urls"], made.into["asgi"]) == (
        "shop/settings/__init__.py",
        "shop/web/urls.py",
        "shop/web/asgi.py",
    )
