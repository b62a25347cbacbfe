"""Test what the files of a copy need besides one another.

Write the files by hand, a kind of need in each, and ask for all of a kind. The trap is a need that
is read out of files which are not tests.
"""

from pathlib import Path

import pytest

from myproject.catalogue.catalogue import Catalogue
from myproject.catalogue.copies import Copy
from myproject.catalogue.wiring import NEEDS
from tests.myproject.catalogue.conftest import WriteProject

PAGE = '{% extends "base.html" %}'
MARKED = "pytestmark = pytest.mark.django_db\nasync def test_it(): ...\n"


@pytest.fixture
def root(write_project: WriteProject) -> Path:
    """Return a project in which a test comes with files of each kind."""
    return write_project(
        {
            "tests/users/test_it.py": (
                '"""Test it.\n\n'
                'Code: users/it.py, users/it.html, tests/data.txt, tests/lib.py\n"""\n'
                'SUITE = """\n    import channels.db\n"""\nPROSE = "We import goods."\nNUMBER = 1\n'
                "import redis.asyncio, redistribute\nsettings.CHAT_BEAT, settings.DEBUG\n"
                "@pytest.mark.timeout(5)\ndef test_it(lights, mocker): ...\n"
            ),
            "tests/data.txt": "pytest.mark.time_machine",
            "tests/lib.py": "from tests.plugins import tools\n@fixture\ndef lib(): ...\n",
            "tests/plugins/lights.py": "@pytest.fixture\ndef lights(): ...\n",
            "tests/plugins/test_lights.py": "@pytest.fixture\ndef other(lights): ...\n",
            "tests/plugins/tools.py": "import tests.plugins.hooks\ndef tool(pytester): ...\n",
            "tests/plugins/hooks.py": "def pytest_configure(): ...\n",
            "tests/plugins/async_rollback.py": "",
            "users/it.py": (
                "X = 'import nothing_at_all'  # pytest.mark.time_machine\n"
                "settings.EXTERNAL_API_TIMEOUT, other_settings.LOGIN_URL\n"
                "settings.AUTH_USER_MODEL\n"
                "def pytest_it(time_machine): ...\n"
            ),
            "users/it.html": PAGE,
        }
    )


def copy_of(root: Path, name: str = "users-it") -> Copy:
    return Copy(root, Catalogue(root).find(name))


def test_imports_are_those_of_modules_and_of_suites_that_tests_write(root: Path) -> None:
    assert copy_of(root).imported == {
        "channels.db",
        "redis.asyncio",
        "redistribute",
        "tests.plugins.hooks",
        "tests.plugins.tools",
    }


def test_what_is_imported_has_needs_of_its_own(root: Path) -> None:
    assert copy_of(root).needs == [NEEDS["redis"]]


def test_settings_are_those_that_are_read(root: Path) -> None:
    assert copy_of(root).settings == ["CHAT_BEAT", "EXTERNAL_API_TIMEOUT"]


def test_plugins_are_files_of_plugins_with_fixtures_or_hooks(root: Path) -> None:
    assert copy_of(root).plugins == ["tests/plugins/hooks.py", "tests/plugins/lights.py"]
    assert copy_of(root, "plugins-lights").plugins == ["tests/plugins/lights.py"]


def test_packages_are_those_of_fixtures_and_marks_in_tests(root: Path) -> None:
    assert copy_of(root).plugin_packages == {"pytest-mock", "pytest-timeout"}
    assert copy_of(root, "plugins-lights").plugin_packages == set()


def test_a_test_that_runs_suites_is_known_by_its_files(root: Path) -> None:
    assert copy_of(root).pytester is True
    assert copy_of(root, "plugins-lights").pytester is False


@pytest.mark.parametrize(
    ("text", "rolls_back", "commits"),
    [
        (MARKED, False, True),
        (f"{MARKED}X = 'capture_on_commit_callbacks'\n", True, False),
        ("async def test_it(): ...\n", False, False),
    ],
    ids=["marked", "with the plugin", "without a database"],
)
def test_a_test_commits_where_nothing_rolls_back(
    root: Path, text: str, rolls_back: bool, commits: bool
) -> None:
    (root / "tests/users/test_it.py").write_text(text)

    copy = copy_of(root)

    assert (copy.rolls_back, copy.commits) == (rolls_back, commits)
