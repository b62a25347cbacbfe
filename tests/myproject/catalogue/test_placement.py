"""Test where copied files go in somebody else's project, and what they import there.

Give the project files of the same names, a ``src/`` folder, tests without packages. The trap is a
project that is empty: there every file has its place.
"""

from pathlib import Path

from tests.myproject.catalogue.planning import MakePlan, move_below_src, write


def test_files_are_placed_where_the_project_has_such_files(plan: MakePlan, target: Path) -> None:
    assert plan("chat-consumers").files == [
        "chat/__init__.py",
        "chat/apps.py",
        "chat/consumers.py",
        "shop/middleware.py",
        "tests/__init__.py",
        "tests/plugins/chat_fixtures.py",
        "tests/plugins/sockets.py",
        "tests/test_chat_consumers.py",
    ]
    text = (target / "tests/test_chat_consumers.py").read_text()
    assert "from shop.asgi import application" in text
    assert 'X = "shop.middleware.Y"' in text


def test_any_user_model_will_do(plan: MakePlan, target: Path) -> None:
    plan("chat-views")

    assert (target / "tests/factories.py").read_text() == (
        "from django.contrib.auth import get_user_model\n\nUser = get_user_model()\n\nmake = User\n"
    )


def test_helpers_and_modules_of_the_project_take_another_name(plan: MakePlan, target: Path) -> None:
    write(target, {"tests/factories.py": "# theirs", "shop/middleware.py": "# theirs"})

    made = plan("chat-views")

    assert {"tests/factories_async.py", "shop/middleware_async.py"} <= set(made.files)
    assert (target / "tests/factories.py").read_text() == "# theirs"
    assert '"shop.middleware_async.json_errors_middleware"' in made.settings
    text = (target / "tests/test_chat_views.py").read_text()
    assert "from tests.factories_async import make" in text


def test_tests_without_packages_stay_so_and_no_name_comes_twice(
    plan: MakePlan, target: Path
) -> None:
    write(target, {"tests/unit/test_chat_views.py": ""})

    made = plan("chat-views")

    assert made.run.endswith("tests/test_chat_views_async.py")
    assert not list((target / "tests").rglob("__init__.py"))


def test_in_a_source_folder_the_paths_say_so(plan: MakePlan, target: Path) -> None:
    move_below_src(target)

    made = plan("chat-views")

    assert {"src/chat/views.py", "tests/test_chat_views.py"} <= set(made.files)
    assert made.pytest["pythonpath"] == ". src"


def test_a_page_gets_a_frame_in_the_place_of_this_sites(
    plan: MakePlan, target: Path, tmp_path: Path
) -> None:
    page = '{% extends "base.html" %}'
    write(tmp_path / "source", {"chat/templates/room.html": page})

    plan("chat-views")

    assert (target / "chat/templates/room.html").read_text() == '{% extends "chat/base.html" %}'
    assert "{% block main %}" in (target / "chat/templates/chat/base.html").read_text()
