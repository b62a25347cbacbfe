"""Test what is read out of a project that is not imported.

Write small projects, one for each way in which people lay theirs out. The trap is running a
stranger's settings to learn what they say: they need packages and services that are not here.
"""

import pytest

from myproject.catalogue.targets import Target, distribution
from tests.myproject.catalogue.conftest import WriteProject

MANAGE = 'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\n'
PROJECT = {
    "manage.py": MANAGE,
    "shop/__init__.py": "",
    "shop/settings.py": 'ROOT_URLCONF = "shop.urls"\nINSTALLED_APPS = ["one"]\n',
    "shop/urls.py": "urlpatterns = []\n",
}


def test_a_project_names_its_parts(write_project: WriteProject) -> None:
    target = Target(write_project(PROJECT))

    assert (target.package, target.urls_module, target.asgi_module) == (
        "shop",
        "shop.urls",
        "shop.asgi",
    )
    assert target.text_of("shop.urls") == "urlpatterns = []\n"
    assert target.text_of("shop.asgi") == ""
    assert target.base == target.root


def test_a_path_is_shown_below_the_projects_folder(write_project: WriteProject) -> None:
    target = Target(write_project(PROJECT))

    assert target.relative(target.base / "shop/urls.py") == "shop/urls.py"


@pytest.mark.parametrize(
    ("name", "text", "options"),
    [
        ("pytest.ini", "[pytest]\nasyncio_mode = auto\n", {"asyncio_mode": "auto"}),
        ("pytest.ini", "", {}),
        (
            "pytest.ini",
            "[pytest]\nlog_format = %(message)s\naddopts = -q\naddopts = -x\n",
            {"log_format": "%(message)s", "addopts": "-x"},
        ),
        (".pytest.ini", "[pytest]\nasyncio_mode = auto\n", {"asyncio_mode": "auto"}),
        ("pyproject.toml", "[tool.pytest.ini_options]\ntimeout = 9", {"timeout": "9"}),
        ("pyproject.toml", "[tool.pytest]\ntimeout = 9", {"timeout": "9"}),
        ("tox.ini", "[pytest]\naddopts = -q\n", {"addopts": "-q"}),
        ("setup.cfg", "[tool:pytest]\naddopts = -q\n", {"addopts": "-q"}),
    ],
    ids=["pytest.ini", "empty", "odd", "hidden", "pyproject", "pytest 9", "tox", "setup.cfg"],
)  # fmt: skip
def test_pytests_options_are_found_where_they_are(
    write_project: WriteProject, name: str, text: str, options: dict[str, str]
) -> None:
    target = Target(write_project({**PROJECT, name: text}))

    assert target.pytest_file == name
    assert target.options == options


def test_what_the_root_conftest_says_is_known(write_project: WriteProject) -> None:
    assert Target(write_project({**PROJECT, "conftest.py": "x = 1"})).conftest == "x = 1"


def test_files_of_others_are_not_pytests(write_project: WriteProject) -> None:
    target = Target(
        write_project({**PROJECT, "pyproject.toml": "[tool.ruff]\n", "setup.cfg": "[flake8]\n"})
    )

    assert target.pytest_file == ""
    assert target.options == {}


def test_packages_are_found_wherever_they_are_asked_for(write_project: WriteProject) -> None:
    pyproject = """
[project]
dependencies = ["Django>=5"]
optional-dependencies.x = ["redis"]
[dependency-groups]
test = ["pytest_mock", {include-group = "other"}]
[tool.poetry.dependencies]
channels = "4"
[tool.poetry.group.dev.dependencies]
stamina = "1"
"""
    files = {"pyproject.toml": pyproject, "requirements.txt": "# none\nadrf==1\n-r other\n"}

    target = Target(write_project({**PROJECT, **files, "requirements/dev.txt": "factory_boy\n"}))

    assert target.distributions == {
        "django",
        "redis",
        "pytest-mock",
        "channels",
        "stamina",
        "adrf",
        "factory-boy",
    }


def test_a_requirement_is_known_by_its_name() -> None:
    assert distribution("psycopg[binary,pool]>=3.2,<4") == "psycopg"
