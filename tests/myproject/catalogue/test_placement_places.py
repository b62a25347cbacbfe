"""Test which places files get, and under which names they are imported there.

Compare the places of all files. The trap is a place that is taken: what is there is somebody's.
"""

from pathlib import Path

import pytest

from tests.myproject.catalogue.conftest import MakePlacement
from tests.myproject.catalogue.planning import move_below_src, write

FILES = {
    "tests/users/test_it.py": (
        '"""Test it.\n\nCode: users/it.py, users/it.html, tests/data.txt\n"""\n'
        "from tests import helpers\nimport myproject.middleware\ndef test_it(near): ...\n"
    ),
    "tests/users/conftest.py": "@pytest.fixture\ndef near(): ...\n",
    "tests/data.txt": "ours",
    "tests/helpers.py": "from tests.plugins import lower\n",
    "tests/plugins/lower.py": "",
    "myproject/middleware.py": "",
    "users/apps.py": "# ours",
    "users/it.py": "",
    "users/it.html": "",
}
PLACES = {
    "tests/users/test_it.py": "tests/test_users_it.py",
    "tests/users/conftest.py": "tests/plugins/users_fixtures.py",
    "tests/data.txt": "tests/data.txt",
    "tests/helpers.py": "tests/helpers.py",
    "tests/plugins/lower.py": "tests/plugins/lower.py",
    "myproject/middleware.py": "shop/middleware.py",
    "users/__init__.py": "users/__init__.py",
    "users/apps.py": "users/apps.py",
    "users/it.py": "users/it.py",
    "users/it.html": "users/it.html",
}
MODULES = {
    "myproject.settings": "shop.settings",
    "myproject.urls": "shop.urls",
    "myproject.asgi": "shop.asgi",
    "tests.users.test_it": "tests.test_users_it",
    "tests.users.conftest": "tests.plugins.users_fixtures",
    "tests.helpers": "tests.helpers",
    "tests.plugins.lower": "tests.plugins.lower",
    "myproject.middleware": "shop.middleware",
    "users": "users",
    "users.apps": "users.apps",
    "users.it": "users.it",
}


def places(folder: Path, changed: dict[str, str]) -> dict[str, Path]:
    return {path: folder / place for path, place in {**PLACES, **changed}.items()}


def test_each_file_has_its_place_and_its_name(placed: MakePlacement, target: Path) -> None:
    placement = placed(FILES)

    assert placement.paths == places(target, {})
    assert placement.modules == MODULES
    assert placement.texts[target / "tests/__init__.py"] == ""


def test_packages_go_below_src_and_are_imported_as_before(
    placed: MakePlacement, target: Path
) -> None:
    move_below_src(target)

    placement = placed(FILES)

    assert placement.paths["users/it.py"] == target / "src/users/it.py"
    assert placement.paths["myproject/middleware.py"] == target / "src/shop/middleware.py"
    assert placement.paths["tests/helpers.py"] == target / "tests/helpers.py"
    assert placement.modules == MODULES


def test_the_projects_own_package_may_be_in_another(placed: MakePlacement, target: Path) -> None:
    write(target, {"shop/settings.py": 'ROOT_URLCONF = "shop.web.urls"'})

    placement = placed(FILES)

    assert placement.paths["myproject/middleware.py"] == target / "shop/web/middleware.py"
    assert placement.renamed("myproject.middleware.json") == "shop.web.middleware.json"
    assert placement.renamed("django.middleware.Json") == "django.middleware.Json"


def test_modules_whose_place_is_taken_get_another(placed: MakePlacement, target: Path) -> None:
    write(target, dict.fromkeys(["tests/helpers.py", "tests/helpers_async.py"], "# theirs"))
    write(target, dict.fromkeys(["tests/data.txt", "users/it.py", "users/it.html"], "# theirs"))

    placement = placed(FILES)

    changed = {"tests/helpers.py": "tests/helpers_async_async.py"}
    assert placement.paths == places(target, changed)
    assert placement.modules["tests.helpers"] == "tests.helpers_async_async"
    assert target / "tests/__init__.py" not in placement.texts


def test_nothing_is_taken_when_files_may_be_replaced(placed: MakePlacement, target: Path) -> None:
    write(target, {"tests/helpers.py": "# theirs"})

    assert placed(FILES, overwrite=True).paths == places(target, {})


def test_what_was_copied_before_is_recognised_by_its_text(
    placed: MakePlacement, target: Path
) -> None:
    write(target, {"tests/plugins/lower.py": "# theirs"})
    placed(FILES).write()

    again = placed(FILES)

    assert again.paths == places(target, {"tests/plugins/lower.py": "tests/plugins/lower_async.py"})


def test_no_two_tests_have_the_same_name(placed: MakePlacement, target: Path) -> None:
    write(target, {"tests/unit/test_users_it.py": ""})

    changed = {"tests/users/test_it.py": "tests/test_users_it_async.py"}
    assert placed(FILES).paths == places(target, changed)


@pytest.mark.parametrize(
    ("there", "is_foreign"),
    [
        ({}, False),
        ({"users/apps.py": "# ours"}, False),
        ({"users/apps.py": "# theirs"}, True),
        ({"users/models.py": ""}, True),
    ],
    ids=["nothing", "ours", "theirs", "no app"],
)
def test_an_app_is_known_by_its_configuration(
    placed: MakePlacement, target: Path, there: dict[str, str], is_foreign: bool
) -> None:
    write(target, there)

    assert placed(FILES).is_foreign("users") is is_foreign


@pytest.mark.parametrize(
    ("path", "is_app"),
    [("users/x.py", True), ("chat/", True), ("myproject/x.py", False), ("tests/users/x.py", False)],
)
def test_apps_move_as_a_whole(placed: MakePlacement, path: str, is_app: bool) -> None:
    assert placed(FILES).is_app_file(path) is is_app
