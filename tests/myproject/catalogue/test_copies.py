"""Test what is found by following one thing to the next.

Write a small project in which each file is reached in another way, and one that is not reached at
all. The trap is testing only that what is needed comes along: what is not needed stays behind.
"""

from pathlib import Path

import pytest

from myproject.catalogue.catalogue import Catalogue
from myproject.catalogue.copies import Copy
from tests.myproject.catalogue.conftest import WriteProject

FILES = {
    "users/__init__.py": "",
    "users/apps.py": "",
    "users/models.py": "",
    "users/urls.py": "from users.unused import x\n",
    "users/unused.py": "",
    "users/views.py": (
        "import users.services\nfrom users.models import User\nfrom django.conf import settings\n"
        "settings.EXTERNAL_API_TIMEOUT, settings.AUTH_USER_MODEL, settings.DEBUG\n"
    ),
    "users/services.py": "def f():\n    import channels.layers\n",
    "users/templates/page.html": "",
    "users/migrations/0001_initial.py": "",
    "tests/users/test_views.py": (
        '"""Test a view.\n\nCode: users/views.py, users/templates/page.html\n"""\n'
        "from typing import TYPE_CHECKING\nfrom tests.factories import make\n"
        "if TYPE_CHECKING:\n    import users.unused\n"
        'NAMED = "myproject.middleware.Middleware", "tests.nowhere.at_all"\n'
        'pytestmark = pytest.mark.usefixtures("lights_on", "nobody_knows")\n'
        "def test_it(person, async_client, near, mocker): ...\n"
    ),
    "tests/users/test_models.py": "",
    "tests/users/test_nothing.py": "",
    "tests/users/conftest.py": "@pytest.fixture\ndef near(): ...\n",
    "myproject/middleware.py": "",
    "tests/factories.py": "from users.models import User\n",
    "tests/plugins/people.py": "import tests.factories\n@pytest.fixture\ndef person(flat): ...\n",
    "tests/plugins/flats.py": "@pytest_asyncio.fixture(scope='session')\nasync def flat(): ...\n",
    "tests/plugins/lights.py": "@pytest.fixture\ndef lights_on(pytester): ...\ndef other(): ...\n",
    "tests/plugins/test_people.py": "@pytest.fixture\ndef person(): ...\n",
    "tests/plugins/unused.py": "@pytest.fixture\ndef unused(): ...\n",
    "tests/plugins/async_rollback.py": "def pytest_configure(): ...\n",
}


@pytest.fixture
def root(write_project: WriteProject) -> Path:
    """Return a project."""
    return write_project(FILES)


def copy_of(root: Path, name: str = "users-views") -> Copy:
    return Copy(root, Catalogue(root).find(name))


def test_a_copy_holds_the_pattern_and_what_it_uses(root: Path) -> None:
    assert set(copy_of(root).files) == {
        "tests/users/test_views.py",
        "tests/users/conftest.py",
        "users/__init__.py",
        "users/apps.py",
        "users/views.py",
        "users/services.py",
        "users/templates/page.html",
        "myproject/middleware.py",
        "tests/factories.py",
        "tests/plugins/people.py",
        "tests/plugins/flats.py",
        "tests/plugins/lights.py",
    }


def test_the_user_model_comes_with_what_is_about_it_only(root: Path) -> None:
    copy = copy_of(root, "users-models")

    assert {"users/models.py", "users/migrations/0001_initial.py"} <= set(copy.files)
    assert copy.settings == ["AUTH_USER_MODEL"]
    assert copy_of(root).uses == {"users/models.py"}


def test_settings_are_those_that_are_read_or_needed(root: Path) -> None:
    assert copy_of(root).settings == ["CHANNEL_LAYERS", "EXTERNAL_API_TIMEOUT"]


def test_plugins_are_the_files_with_fixtures_or_hooks(root: Path) -> None:
    assert copy_of(root).plugins == [
        "tests/plugins/flats.py",
        "tests/plugins/lights.py",
        "tests/plugins/people.py",
        "tests/users/conftest.py",
    ]


def test_what_a_file_looks_for_beside_itself_comes_along(root: Path) -> None:
    with (root / "tests/plugins/people.py").open("a") as plugin:
        plugin.write('\nBESIDE = Path(__file__).with_name("unused.py")\n')

    assert "tests/plugins/unused.py" in copy_of(root).files
