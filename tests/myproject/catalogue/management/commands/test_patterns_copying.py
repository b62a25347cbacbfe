"""Test a command that writes into somebody else's project.

Give it a project to write to, and look at what is there afterwards. A refusal says what is in the
way, and the trap is a refusal that comes after the first file has been written.
"""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.myproject.catalogue.management.commands.calling import patterns


def test_a_copy_is_written_and_the_plan_is_printed(target: Path) -> None:
    output = patterns("views", "--copy-to", str(target))

    assert (target / "users/views.py").read_text().startswith("from django.contrib.auth import")
    assert output.startswith(f"Written below {target}:\n    tests/__init__.py\n")
    assert 'Install:\n    "Django>=5" "pytest"\n' in output
    assert 'Append to conftest.py:\n    pytest_plugins = ["tests.plugins' in output
    assert "\n    [pytest]\n    DJANGO_SETTINGS_MODULE = shop.settings\n    asyncio_mode" in output
    assert output.endswith("Run there:\n    python -m pytest tests/test_users_views.py\n")
    assert "shop/settings.py" not in output


def test_a_copy_that_is_there_already_says_so(target: Path) -> None:
    plan = json.loads(patterns("views", "--copy-to", str(target), "--json"))
    for name, text in plan["into"].items():
        with (target / text).open("a") as file:
            file.write(plan[name] if isinstance(plan[name], str) else "")
    options = "".join(f"{name} = {value}\n" for name, value in plan["pytest"].items())
    (target / "pytest.ini").write_text(f"[pytest]\n{options}")

    output = patterns("views", "--copy-to", str(target))

    assert output.startswith("Nothing to write:\n    All of it is there already.\nInstall:")


def test_the_plan_is_there_for_programs_too(target: Path) -> None:
    plan = json.loads(patterns("views", "--copy-to", str(target), "--json"))

    assert set(plan) == {
        *("files", "packages", "settings", "urls", "asgi", "conftest", "pytest", "run"),
        *("conflicts", "advice", "recommended", "present", "into"),
    }
    assert plan["packages"] == ["Django>=5", "pytest"]


@pytest.mark.parametrize("options", [[], ["--json"]], ids=["text", "json"])
def test_a_copy_refuses_to_overwrite_and_writes_nothing(target: Path, options: list[str]) -> None:
    mine = target / "users/views.py"
    mine.parent.mkdir()
    mine.write_text("mine = True")
    words = r"^Nothing was written\.\nusers/views.py is there already, and different\.\nCompare "

    with pytest.raises(CommandError, match=words):
        patterns("views", "--copy-to", str(target), *options)

    assert not (target / "tests").exists()
    assert mine.read_text() == "mine = True"


def test_a_copy_overwrites_when_told_to(target: Path) -> None:
    patterns("views", "--copy-to", str(target))
    theirs = target / "users/views.py"
    theirs.write_text("mine = True")

    patterns("views", "--copy-to", str(target), "--overwrite")

    assert "get_user_model" in theirs.read_text()


def test_a_copy_to_what_is_no_project_is_an_error_with_advice(tmp_path: Path) -> None:
    words = r"is no folder\. Name the folder of a Django project"

    with pytest.raises(CommandError, match=words) as raised:
        patterns("views", "--copy-to", str(tmp_path / "nowhere"))

    assert raised.value.__suppress_context__


def test_what_is_about_this_repository_alone_is_not_copied(target: Path) -> None:
    with pytest.raises(CommandError) as raised:
        patterns("readme", "--copy-to", str(target))

    assert str(raised.value) == (
        "“Keep it naïve” needs more of this repository than can be copied: read it with "
        "`patterns readme`. `patterns --json` says which can be copied."
    )


def test_a_copy_of_nothing_is_an_error(tmp_path: Path) -> None:
    words = "^Name the pattern to copy: patterns NAME --copy-to DIR$"

    with pytest.raises(CommandError, match=words):
        patterns("--copy-to", str(tmp_path))


def test_the_plan_for_programs_can_be_read_by_people(target: Path) -> None:
    (target / "users").mkdir()
    (target / "users/apps.py").write_text("mine = True")
    stdout = StringIO()

    with pytest.raises(CommandError):
        call_command("patterns", "views", "--copy-to", str(target), "--json", stdout=stdout)

    lines = stdout.getvalue().splitlines()
    assert lines[:3] == ["{", '  "files": [', '    "tests/__init__.py",']
    assert '    "The project has an app or a package “users” of its own."' in lines
