"""Test which packages a copied pattern needs, and in which versions.

What is imported decides, in the test and in all that it brings. The trap is the package that
nothing imports: the plugin behind a fixture.
"""

from pathlib import Path

from pytest_mock import MockerFixture

from tests.myproject.catalogue.planning import MakePlan, write


def test_what_is_imported_or_asked_for_is_required_as_here(plan: MakePlan) -> None:
    assert plan("chat-consumers").packages == [
        "Django>=5",
        "channels>=4",
        "daphne",
        "djangorestframework>=3",
        "pytest-asyncio",
        "pytest-django",
        "pytest-mock",
        "pytest>=9",
    ]


def test_a_package_is_known_by_any_spelling(
    plan: MakePlan, tmp_path: Path, mocker: MockerFixture
) -> None:
    installed = {"factory": ["Factory_Boy"]}
    mocker.patch("myproject.catalogue.requirements.distributions", return_value=installed)
    required = '[project]\ndependencies = ["factory-boy>=3"]\n[dependency-groups]\n'
    factories = "import factory\nfrom users.models import User\n\nmake = User\n"
    write(tmp_path / "source", {"pyproject.toml": required, "tests/factories.py": factories})

    assert "factory-boy>=3" in plan("chat-views").packages


def test_what_a_pattern_needs_is_named_though_nothing_here_requires_it(
    plan: MakePlan, tmp_path: Path
) -> None:
    nothing = "[project]\ndependencies = []\n[dependency-groups]\n"
    write(tmp_path / "source", {"pyproject.toml": nothing})

    assert plan("chat-consumers").packages == ["daphne", "djangorestframework"]


def test_what_the_project_requires_already_is_left_out(plan: MakePlan, target: Path) -> None:
    write(target, {"requirements.txt": "channels==4.1\npytest\n"})

    packages = plan("chat-consumers").packages

    assert not {"channels>=4", "pytest>=9"} & set(packages)
    assert "daphne" in packages
