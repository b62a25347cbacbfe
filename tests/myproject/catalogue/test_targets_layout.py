"""Test how the folders of a project are found, however it lays them out.

Write a project for each layout, and one that is none. The trap is to fail without saying what was
looked for, and where.
"""

from pathlib import Path

import pytest

from myproject.catalogue.targets import NoProjectError, Target
from tests.myproject.catalogue.conftest import WriteProject
from tests.myproject.catalogue.test_targets import MANAGE


@pytest.mark.parametrize(
    ("manage", "module", "base"),
    [
        ("manage.py", "shop/settings.py", "."),
        ("manage.py", "src/shop/settings.py", "src"),
        ("src/manage.py", "src/shop/settings.py", "src"),
        ("back/manage.py", "back/shop/settings/__init__.py", "back"),
        ("back/manage.py", "back/src/shop/settings.py", "back/src"),
        ("back/manage.py", "src/shop/settings.py", "src"),
        ("back/manage.py", "shop/settings.py", "."),
    ],
)
def test_the_folder_of_the_packages_is_found(
    write_project: WriteProject, manage: str, module: str, base: str
) -> None:
    root = write_project({manage: MANAGE, module: ""})

    assert Target(root).base == root / base


def test_of_several_projects_the_first_is_meant(write_project: WriteProject) -> None:
    files = {f"{name}/manage.py": MANAGE.replace("shop", name) for name in "edcab"}
    modules = {f"{name}/{name}/settings.py": "" for name in "edcab"}

    assert Target(write_project(files | modules)).settings_module == "a.settings"


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "nowhere"

    with pytest.raises(NoProjectError) as raised:
        Target(folder)

    assert str(raised.value) == f"{folder} is no folder. Name the folder of a Django project."


@pytest.mark.parametrize(
    "files",
    [{"other/readme": ""}, {"manage.py": "print()"}],
    ids=["no manage.py", "no settings named"],
)
def test_a_folder_without_a_project_is_refused(
    write_project: WriteProject, files: dict[str, str]
) -> None:
    root = write_project(files)

    with pytest.raises(NoProjectError) as raised:
        Target(root)

    assert str(raised.value) == (
        f"{root} holds no Django project: no manage.py that names its settings. Name the folder"
        " where manage.py is, or make a project: django-admin startproject NAME ."
    )


def test_settings_that_are_nowhere_are_named(write_project: WriteProject) -> None:
    root = write_project({"manage.py": MANAGE})

    with pytest.raises(NoProjectError) as raised:
        Target(root)

    assert str(raised.value) == (
        f"manage.py names shop.settings, and there is no such module in {root} or {root}/src."
    )


@pytest.mark.parametrize(
    ("files", "tests"),
    [
        ({}, "tests"),
        ({"tests/test_it.py": ""}, "tests"),
        ({"src/tests/test_it.py": ""}, "src/tests"),
        ({"src/tests/test_it.py": "", "tests/test_it.py": ""}, "tests"),
    ],
    ids=["none", "at the root", "beside the packages", "both"],
)
def test_the_folder_of_tests_is_found(
    write_project: WriteProject, files: dict[str, str], tests: str
) -> None:
    root = write_project({"src/manage.py": MANAGE, "src/shop/settings.py": "", **files})

    assert Target(root).tests == root / tests


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        ("shop/settings.py", r"invalid syntax \(<unknown>, line 1\)"),
        ("conftest.py", r"invalid syntax \(<unknown>, line 1\)"),
        ("pyproject.toml", r"Invalid statement \(at line 1, column 1\)"),
        ("tox.ini", r"File contains no section headers\. file: '<string>', line: 1 '= \('"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(
    write_project: WriteProject, file: str, reason: str
) -> None:
    root = write_project({"manage.py": MANAGE, "shop/settings.py": "", file: "= ("})
    words = rf"^{root / file} cannot be read: {reason}\. Put it right, and copy again\.$"

    with pytest.raises(NoProjectError, match=words) as raised:
        read_all(root)

    assert raised.value.__suppress_context__


def read_all(root: Path) -> list[object]:
    target = Target(root)
    return [target.names, target.conftest, target.distributions]
