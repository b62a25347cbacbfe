"""Test in which ways a file is reached, and in which it is not.

Add one line to one file, and see which file comes along for it. The trap is a word that looks like
a use and is none: then half of the project comes.
"""

from pathlib import Path

import pytest

from myproject.catalogue.catalogue import Catalogue
from myproject.catalogue.copies import Copy
from myproject.catalogue.wiring import BASE
from tests.myproject.catalogue.conftest import WriteProject
from tests.myproject.catalogue.planning import write

FILES = {
    "tests/users/test_it.py": '"""Test it.\n\nCode: users/it.py\n"""\n',
    "tests/users/data.txt": "not Python (",
    "tests/users/conftest.py": "@pytest.fixture\ndef near(): ...\n",
    "tests/conftest.py": "@pytest.fixture\ndef everywhere(): ...\n",
    "tests/plugins/async_rollback.py": "@pytest.fixture\ndef _django_db_it(): ...\n",
    "tests/plugins/blocking_calls.py": "",
    "tests/plugins/caches.py": "",
    "tests/plugins/lights.py": "@pytest.fixture\ndef lights(): ...\n\n\ndef other(near): ...\n",
    "tests/plugins/near.py": "@pytest.fixture\ndef near(): ...\n",
    "tests/plugins/test_lights.py": "@pytest.fixture\ndef tested(): ...\n",
    "users/apps.py": "",
    "users/it.py": "",
    "users/paging.py": "",
    "users/unused.py": "",
    "users/unused/deep.py": "",
    "users/views.py": "",
    "users/pages/it.html": '{% extends "base.html" %}',
    "docs/conf.py": "",
}
ALWAYS = {"tests/users/test_it.py", "users/__init__.py", "users/apps.py", "users/it.py"}


@pytest.fixture
def root(write_project: WriteProject) -> Path:
    """Return a project."""
    return write_project(FILES)


def reached(root: Path, path: str, line: str) -> set[str]:
    """Return which files come along for a line that is added to one."""
    write(root, {path: f"{FILES[path]}{line}\n"})
    return set(Copy(root, Catalogue(root).find("users-it")).files) - ALWAYS


@pytest.mark.parametrize(
    ("line", "comes"),
    [
        ("from tests.plugins import lights", "tests/plugins/lights.py"),
        ("def f():\n    import users.unused", "users/unused.py"),
        ('X = "see users.unused, and that"', "users/unused.py"),
        ('X = "users.unused.deep.Thing.method"', "users/unused/deep.py"),
        ('X = "tests.plugins.lights.lights"', "tests/plugins/lights.py"),
        ("def test_it(lights): ...", "tests/plugins/lights.py"),
        ("@pytest.fixture\ndef mine(lights): ...", "tests/plugins/lights.py"),
        ("x = pytest.mark.usefixtures('nothing', 'lights')", "tests/plugins/lights.py"),
        ("def test_it(everywhere): ...", "tests/conftest.py"),
        ("def test_it(near): ...", "tests/users/conftest.py"),
        ("x = Path(__file__).with_name('data.txt')", "tests/users/data.txt"),
        ("def test_it(acapture_on_commit_callbacks): ...", "tests/plugins/async_rollback.py"),
        ("import django.core.cache", "tests/plugins/caches.py"),
        ("with pytest.raises(BlockingError): ...", "tests/plugins/blocking_calls.py"),
    ],
)
def test_what_a_test_uses_comes_along(root: Path, line: str, comes: str) -> None:
    assert reached(root, "tests/users/test_it.py", line) == {comes}


@pytest.mark.parametrize(
    "line",
    [
        "if TYPE_CHECKING:\n    import users.unused",
        "import docs.conf",
        "from . import unused",
        "X = 1, b'users.unused', 'users', 'unused.py'",
        "def helper(lights): ...",
        "def test_it(other, tested): ...",
        "def test_it(_django_db_it): ...",
        "x = open('data.txt')",
        "pytestmark = pytest.mark.django_db",
    ],
)
def test_what_only_looks_like_a_use_does_not(root: Path, line: str) -> None:
    assert reached(root, "tests/users/test_it.py", line) == set()


@pytest.mark.parametrize(
    ("line", "comes"),
    [
        ("from users import unused", {"users/unused.py"}),
        ("import users.paging", {"users/paging.py", "users/views.py"}),
        ("X = 'users.unused', BlockingError", set()),
        ("def test_it(lights): ...", set()),
        ("x = Path(__file__).with_name('unused.py')", set()),
    ],
    ids=["an import", "what goes with it", "a word", "an argument", "a name beside"],
)
def test_production_code_needs_what_it_imports(root: Path, line: str, comes: set[str]) -> None:
    assert reached(root, "users/it.py", line) == comes


def test_hooks_in_what_a_test_uses_do_not_ask_for_the_rollback(root: Path) -> None:
    write(root, {"tests/users/test_it.py": f"{FILES['tests/users/test_it.py']}import tests.help\n"})
    write(root, {"tests/help.py": "capture_on_commit_callbacks, django.core.cache"})

    files = set(Copy(root, Catalogue(root).find("users-it")).files)

    assert files - ALWAYS == {"tests/help.py", "tests/plugins/caches.py"}


def test_of_plugins_that_define_a_fixture_the_last_is_its_source(root: Path) -> None:
    write(root, {f"tests/plugins/{name}.py": "@fixture\ndef twice(): ...\n" for name in "edcba"})

    comes = reached(root, "tests/users/test_it.py", "def test_it(twice): ...")

    assert comes == {"tests/plugins/e.py"}


def test_a_page_comes_with_a_frame_and_an_app_with_its_package(root: Path) -> None:
    write(root, {"tests/users/test_it.py": '"""Test it.\n\nCode: users/pages/it.html\n"""\n'})
    write(root, {"users/__init__.py": "x = 1"})

    copy = Copy(root, Catalogue(root).find("users-it"))

    assert copy.files["users/templates/users/base.html"] == BASE
    assert copy.files["users/pages/it.html"] == FILES["users/pages/it.html"]
    assert copy.imported == set()


def test_the_package_of_an_app_is_empty(root: Path) -> None:
    assert Copy(root, Catalogue(root).find("users-it")).files["users/__init__.py"] == ""


def test_what_the_cure_names_comes_along(root: Path) -> None:
    cure = '"""X.\n\nCode: users/it.py\nCure: copy `tests/plugins/lights.py`, or not\n"""\n'
    write(root, {"tests/users/test_it.py": cure})

    files = set(Copy(root, Catalogue(root).find("users-it")).files)

    assert files - ALWAYS == {"tests/plugins/lights.py"}
