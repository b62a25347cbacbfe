"""Test what is written to disk, and what is refused.

Use ``tmp_path`` for source and target alike, and compare whole files. The trap is testing only
that files appear: what must not be touched is the other half.
"""

from pathlib import Path

import pytest

from myproject.catalogue import Catalogue
from myproject.pattern_copies import PatternCopy
from tests.myproject.conftest import WriteProject

FILES = {
    "users/views.py": "import users.models\nfrom django.http import HttpRequest\n",
    "users/models.py": "",
    "users/services.py": "",
    "tests/users/test_views.py": (
        "from tests.factories import make\n"
        "from users import services\n"
        'pytestmark = pytest.mark.usefixtures("lights_on", "nobody_knows")\n'
        "def test_it(person, async_client): ...\n"
    ),
    "tests/factories.py": "from users.models import User\n",
    "tests/plugins/people.py": "import tests.factories\n@pytest.fixture\ndef person(flat): ...\n",
    "tests/plugins/flats.py": "@pytest_asyncio.fixture(scope='session')\nasync def flat(): ...\n",
    "tests/plugins/lights.py": "@pytest.fixture\ndef lights_on(): ...\n\ndef other(): ...\n",
    "tests/plugins/test_people.py": "@pytest.fixture\ndef person(): ...\n",
    "tests/conftest.py": 'pytest_plugins = ["tests.plugins.people", "tests.plugins.lights"]\n',
    "tests/plugins/unused.py": "@pytest.fixture\ndef unused(): ...\n",
    "tests/plugins/async_rollback.py": "@pytest.fixture\ndef _rollback(): ...\n",
}


@pytest.fixture
def root(write_project: WriteProject) -> Path:
    """Return a project."""
    return write_project({f"source/{path}": text for path, text in FILES.items()}) / "source"


def copy_of(root: Path) -> PatternCopy:
    return PatternCopy(root, Catalogue(root).find("users-views"))


def test_a_copy_holds_the_pattern_and_the_test_helpers_it_uses(root: Path) -> None:
    assert set(copy_of(root).files) == {
        "tests/users/test_views.py",
        "users/views.py",
        "tests/factories.py",
        "tests/plugins/people.py",
        "tests/plugins/flats.py",
        "tests/plugins/lights.py",
    }


def test_a_test_that_uses_the_database_takes_the_rollback_plugin_too(root: Path) -> None:
    with (root / "tests/users/test_views.py").open("a") as test:
        test.write("pytestmark = pytest.mark.django_db\n")

    assert "tests/plugins/async_rollback.py" in copy_of(root).files


def test_plugins_are_those_that_conftest_lists(root: Path) -> None:
    assert copy_of(root).plugins == ["tests.plugins.lights", "tests.plugins.people"]


def test_imports_of_modules_that_stay_behind_are_told(root: Path) -> None:
    assert [(found.path, found.line, found.text) for found in copy_of(root).imports] == [
        ("tests/users/test_views.py", 2, "from users import services"),
        ("tests/factories.py", 1, "from users.models import User"),
        ("users/views.py", 1, "import users.models"),
    ]


def test_files_are_written_as_they_are_in_importable_packages(root: Path, tmp_path: Path) -> None:
    copy = copy_of(root)

    copy.write(tmp_path / "target")

    written = [path for path in (tmp_path / "target").glob("**/*.py") if path.name != "__init__.py"]
    assert {str(path.relative_to(tmp_path / "target")): path.read_text() for path in written} == {
        path: FILES[path] for path in copy.files
    }
    assert (tmp_path / "target/tests/plugins/__init__.py").exists()
    assert not (tmp_path / "target/__init__.py").exists()


def test_an_existing_package_keeps_what_it_says(root: Path, tmp_path: Path) -> None:
    package = tmp_path / "target/users/__init__.py"
    package.parent.mkdir(parents=True)
    package.write_text("x = 1")

    copy_of(root).write(tmp_path / "target")

    assert package.read_text() == "x = 1"


def test_only_files_with_another_content_are_conflicts(root: Path, tmp_path: Path) -> None:
    copy = copy_of(root)
    copy.write(tmp_path / "target")
    (tmp_path / "target/users/views.py").write_text("mine = True")

    assert copy.conflicts(tmp_path / "target") == ["users/views.py"]
