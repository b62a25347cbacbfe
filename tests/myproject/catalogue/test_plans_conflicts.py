"""Test what is in the way of a copy, and what somebody is advised to do about it.

Put something of the project's own where the copy has to go, and compare all that is said. The trap
is a refusal without a way out.
"""

from pathlib import Path

import pytest

from tests.myproject.catalogue.planning import MakePlan, write

APP = (
    "Read the pattern's chat/ and write its code into an app of yours, or copy it into an empty"
    " project first (django-admin startproject) and rename chat/."
)


def test_a_second_user_model_is_a_conflict(plan: MakePlan, target: Path) -> None:
    write(target, {"shop/settings.py": 'AUTH_USER_MODEL = "people.Person"'})

    made = plan("users-models")

    assert made.conflicts == ["AUTH_USER_MODEL is people.Person already."]
    assert made.advice == [
        "This pattern is about a user model of its own. A project can have only one, "
        "so copy the tests you like and adapt them to yours."
    ]


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("users-models", 'AUTH_USER_MODEL = "users.User"'),
        ("users-models", ""),
        ("chat-views", 'AUTH_USER_MODEL = "people.Person"'),
    ],
    ids=["the same model", "none", "a pattern for any model"],
)
def test_a_user_model_is_no_conflict_otherwise(
    plan: MakePlan, target: Path, name: str, model: str
) -> None:
    write(target, {"shop/settings.py": model})

    assert plan(name).conflicts == []


def test_an_app_of_the_same_name_is_a_conflict_and_nothing_is_written(
    plan: MakePlan, target: Path
) -> None:
    write(target, {"chat/apps.py": "# theirs", "chat/consumers.py": "# theirs"})

    made = plan("chat-consumers")

    assert made.conflicts == [
        "chat/apps.py is there already, and different.",
        "chat/consumers.py is there already, and different.",
        "The project has an app or a package “chat” of its own.",
    ]
    assert made.advice == [
        "Compare chat/apps.py with ours (chat/apps.py): --overwrite replaces it.",
        "Compare chat/consumers.py with ours (chat/consumers.py): --overwrite replaces it.",
        APP,
    ]
    assert not (target / "tests").exists()
    assert (target / "chat/consumers.py").read_text() == "# theirs"


def test_apps_of_the_same_names_are_conflicts_in_their_order(
    plan: MakePlan, target: Path, tmp_path: Path
) -> None:
    code = {"chat/views.py": "import users.views, external.views"}
    apps = {"users/views.py": "", "users/apps.py": "#", "external/views.py": ""}
    write(tmp_path / "source", {**code, **apps, "external/apps.py": "#"})
    write(target, {f"{app}/x.py": "" for app in ("users", "external", "chat")})

    assert plan("chat-views").conflicts == [
        "The project has an app or a package “chat” of its own.",
        "The project has an app or a package “external” of its own.",
        "The project has an app or a package “users” of its own.",
    ]


def test_an_app_stays_a_conflict_when_files_may_be_replaced(plan: MakePlan, target: Path) -> None:
    write(target, {"chat/apps.py": "# theirs", "chat/consumers.py": "# theirs"})

    made = plan("chat-consumers", overwrite=True)

    assert made.conflicts == ["The project has an app or a package “chat” of its own."]
    assert made.advice == [APP]


def test_what_is_in_the_way_is_named_by_its_place_there(plan: MakePlan, target: Path) -> None:
    write(target, {"tests/test_chat_views.py": "# theirs", "chat/apps.py": "# ours"})

    made = plan("chat-views")

    assert made.conflicts == ["tests/test_chat_views.py is there already, and different."]
    assert made.advice == [
        "Compare tests/test_chat_views.py with ours (tests/chat/test_views.py):"
        " --overwrite replaces it."
    ]


@pytest.mark.parametrize("theirs", ["# theirs", ""], ids=["filled", "empty"])
def test_an_empty_file_of_ours_is_no_conflict(plan: MakePlan, target: Path, theirs: str) -> None:
    write(target, {"chat/apps.py": "# ours", "chat/__init__.py": theirs})

    assert plan("chat-views").conflicts == []


def test_sockets_that_are_routed_otherwise_are_a_conflict(plan: MakePlan, target: Path) -> None:
    write(target, {"shop/asgi.py": 'if scope["type"] == "websocket": ...'})

    made = plan("chat-consumers")

    assert made.asgi == ""
    assert made.conflicts == ["The ASGI module routes WebSockets in a way of its own."]
    assert made.advice == ['Add these routes to yours: path("ws/", Chat.as_asgi())']
