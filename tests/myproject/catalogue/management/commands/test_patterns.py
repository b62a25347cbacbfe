"""Test a command that writes files.

Use ``call_command`` with ``stdout`` given, on a project that the test has written. A mistake of the
user's is a ``CommandError`` with advice, never a traceback, and then nothing has been written. The
trap is a command that leaves half of its work behind.
"""

import json
import os
import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import BaseCommand, CommandError, call_command
from pytest_mock import MockerFixture

from myproject.catalogue.catalogue import Catalogue
from myproject.catalogue.management.commands.patterns import Command
from tests.myproject.catalogue.management.commands.calling import FILES, patterns


def test_without_arguments_it_lists_the_patterns_by_group() -> None:
    assert patterns() == (
        "\nViews\n  users-views            Test a view\n"
        "\nORM and database\n  users-orm              Test the ORM\n"
        "\nTroubleshooting\n  troubleshooting-locks  Survive locks\n"
        "  troubleshooting-waits  Survive waits\n"
        "\nAbout this repository\n  readme                 Keep it naïve\n"
    )


def test_a_search_lists_what_it_finds_the_best_first() -> None:
    assert patterns("--search", "view") == "\nThe best first\n  users-views  Test a view\n"


def test_a_search_for_a_message_with_several_causes_tells_them_apart() -> None:
    assert patterns("--search", "the table is locked") == (
        "\nOne message, 2 causes: which is yours?\n"
        "  troubleshooting-locks\n      Survive locks. It is this if two write.\n"
        "  troubleshooting-waits\n      Survive waits. Soon.\n"
    )


def test_a_search_may_be_what_another_program_prints(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", StringIO("1 failed\nE   ValueError: the table is locked\n"))

    assert "One message, 2 causes: which is yours?" in patterns("--search", "-")


def test_whoever_stops_reading_meets_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, writer = os.pipe()
    os.close(reader)

    with open(writer, "w") as output:  # a pipe to `head`, which has seen enough
        monkeypatch.setattr("sys.stdout", output)
        Command().run_from_argv(["manage.py", "patterns"])

        assert output.write("what is printed at the end goes nowhere")


def test_a_mistake_ends_it_with_a_status() -> None:
    with pytest.raises(SystemExit, match="1"):
        Command().run_from_argv(["manage.py", "patterns", "--search", "qwertz"])


def test_a_search_tells_what_comes_near() -> None:
    output = patterns("--search", "the table is locked: orm")

    assert "\nNear it\n  users-orm  Test the ORM\n" in output


def test_a_search_that_finds_nothing_is_an_error_with_advice() -> None:
    with pytest.raises(CommandError) as raised:
        patterns("--search", "qwertz")

    assert str(raised.value) == (
        "No pattern has any of these words. Without --search, all of them are listed."
    )


def test_a_name_prints_prose_code_test_and_command() -> None:
    assert patterns("views") == (
        "Test a view\n\nSoon.\n"
        f"\n# users/views.py\n{FILES['users/views.py']}"
        f"\n# tests/users/test_views.py\n{FILES['tests/users/test_views.py']}"
        "\nRun it: uv run pytest tests/users/test_views.py\n"
    )


def test_a_trouble_is_printed_with_its_fields() -> None:
    assert patterns("locks") == (
        "Survive locks\n\n\n"
        "Message: table is locked\nMessage: no table\nTold by: two write\nCure: wait\n"
        f"\n# tests/troubleshooting/test_locks.py\n{FILES['tests/troubleshooting/test_locks.py']}\n"
        "\nRun it: uv run pytest tests/troubleshooting/test_locks.py\n"
    )


def test_an_unknown_name_is_an_error_that_suggests_the_nearest() -> None:
    with pytest.raises(CommandError, match="Did you mean users-views") as raised:
        patterns("veiws")

    assert raised.value.__suppress_context__  # --traceback would show two


def test_the_list_is_there_for_programs_too() -> None:
    listed = json.loads(patterns("--json"))

    assert listed[0] == {
        "slug": "users-views",
        "name": "Test a view",
        "group": "Views",
        "copyable": True,
    }
    assert [pattern["slug"] for pattern in listed if not pattern["copyable"]] == ["readme"]


def test_the_page_is_written_and_what_is_missing_told(root: Path) -> None:
    (root / "users/services.py").write_text("def serve(): ...")

    output = patterns("--write")

    assert "Test a view" in (root / "PATTERNS.md").read_text()
    assert "| `no table` | wait |" in (root / "docs/troubleshooting.md").read_text()
    assert "users/services.py has no pattern" in output
    assert output.endswith("\nWrote PATTERNS.md and docs/troubleshooting.md: 5 patterns.\n")


def test_the_help_says_what_each_option_is_for() -> None:
    parser = Command().create_parser("manage.py", "patterns")
    djangos = {action.dest for action in BaseCommand().create_parser("", "")._actions}

    assert parser.description == (
        "List the testing patterns, print one, search them, or copy one into a project."
    )
    assert {
        action.metavar or action.dest: action.help
        for action in parser._actions
        if action.dest not in djangos
    } == {
        "name": "print this pattern; a part of its name will do",
        "WORDS": "rank by a question or an error message; - reads it, a whole log if need be",
        "DIR": "copy the named pattern",
        "json": "print JSON: the list, or the plan",
        "overwrite": "let --copy-to replace files",
        "write": "regenerate the pages in Markdown",
    }


def test_the_list_for_programs_can_be_read_by_people() -> None:
    lines = patterns("--json").splitlines()

    assert lines[:3] == ["[", "  {", '    "slug": "users-views",']
    assert '    "name": "Keep it naïve",' in lines


def test_it_runs_in_a_project_that_django_finds_fault_with() -> None:
    assert Command.requires_system_checks == []


@pytest.mark.parametrize(
    ("arguments", "headings"),
    [
        ([], ["\nViews", "\nORM and database", "\nTroubleshooting", "\nAbout this repository"]),
        (["--search", "view"], ["\nThe best first"]),
        (
            ["--search", "the table is locked: orm"],
            ["\nOne message, 2 causes: which is yours?", "\nNear it"],
        ),
        (["views"], ["Test a view", "\n# users/views.py", "\n# tests/users/test_views.py"]),
    ],
    ids=["the list", "a search", "causes", "a pattern"],
)
def test_headings_are_coloured_where_there_are_colours(
    arguments: list[str], headings: list[str]
) -> None:
    stdout = StringIO()

    call_command("patterns", *arguments, stdout=stdout, force_color=True)

    assert re.findall(r"\x1b\[36;1m([^\x1b]+)\x1b\[0m", stdout.getvalue()) == headings


def test_a_project_without_patterns_has_an_empty_list(mocker: MockerFixture, root: Path) -> None:
    mocker.patch(
        "myproject.catalogue.management.commands.patterns.get_catalogue",
        return_value=Catalogue(root / "users"),
    )

    assert patterns() == ""
