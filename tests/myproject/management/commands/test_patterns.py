"""Test a command that writes files.

Use ``call_command`` with ``stdout`` given, on a project that the test has written. A mistake of the
user's is a ``CommandError`` with advice, never a traceback, and then nothing has been written. The
trap is a command that leaves half of its work behind.
"""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_mock import MockerFixture

from myproject.catalogue import Catalogue

FILES = {
    "users/views.py": "from users.models import User\n\n\ndef view(request): ...\n",
    "users/models.py": "",
    "README.md": "<!-- messages -->\n<!-- /messages -->",
    "tests/users/test_views.py": '"""Test a view.\n\nSoon.\n"""\n\ndef test_it(person): ...\n',
    "tests/plugins/people.py": "@pytest.fixture\ndef person(): ...\n",
    "tests/conftest.py": 'pytest_plugins = ["tests.plugins.people"]\n',
    "tests/troubleshooting/test_locks.py": '"""Survive locks.\n\nMessage: locked\nCure: wait\n"""',
}


@pytest.fixture(autouse=True)
def root(tmp_path: Path, mocker: MockerFixture) -> Path:
    """Give the command a small project."""
    root = tmp_path / "source"
    for path, text in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    mocker.patch(
        "myproject.management.commands.patterns.get_catalogue", return_value=Catalogue(root)
    )
    return root


def patterns(*args: str) -> str:
    stdout = StringIO()
    call_command("patterns", *args, stdout=stdout, stderr=stdout, no_color=True)
    return stdout.getvalue()


def test_without_arguments_it_lists_the_patterns_by_group() -> None:
    assert patterns() == (
        "\nViews\n  users-views            Test a view\n"
        "\nTroubleshooting\n  troubleshooting-locks  Survive locks\n"
    )


def test_a_search_lists_what_it_finds() -> None:
    assert patterns("--search", "locked") == (
        "\nTroubleshooting\n  troubleshooting-locks  Survive locks\n"
    )


def test_a_search_that_finds_nothing_is_an_error() -> None:
    with pytest.raises(CommandError, match="No pattern has these words"):
        patterns("--search", "zebra")


def test_a_name_prints_prose_code_test_and_command() -> None:
    assert patterns("views") == (
        "Test a view\n\nSoon.\n"
        f"\n# users/views.py\n{FILES['users/views.py']}"
        f"\n# tests/users/test_views.py\n{FILES['tests/users/test_views.py']}"
        "\nRun it: uv run pytest tests/users/test_views.py\n"
    )


def test_a_trouble_is_printed_with_its_message() -> None:
    assert "\nMessage: locked\n" in patterns("locks")


def test_an_unknown_name_is_an_error_that_suggests_the_nearest() -> None:
    with pytest.raises(CommandError, match="Did you mean users-views"):
        patterns("veiws")


def test_a_copy_is_written_and_what_is_left_to_do_is_told(tmp_path: Path) -> None:
    output = patterns("views", "--copy-to", str(tmp_path / "target"))

    assert (tmp_path / "target/users/views.py").read_text() == FILES["users/views.py"]
    assert '  "tests.plugins.people",' in output
    assert "  users/views.py:1  from users.models import User" in output


def test_a_copy_with_nothing_left_to_do_says_so_little(tmp_path: Path) -> None:
    output = patterns("locks", "--copy-to", str(tmp_path / "target"))

    assert output == (
        f"Written below {tmp_path / 'target'}:\n  tests/troubleshooting/test_locks.py\n"
    )


def test_a_copy_refuses_to_overwrite_and_writes_nothing(tmp_path: Path) -> None:
    mine = tmp_path / "target/users/views.py"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine = True")

    with pytest.raises(CommandError, match=r"has another users/views.py. Use --overwrite"):
        patterns("views", "--copy-to", str(tmp_path / "target"))

    assert list((tmp_path / "target").glob("**/*.py")) == [mine]


def test_a_copy_overwrites_when_told_to(tmp_path: Path) -> None:
    theirs = tmp_path / "target/users/views.py"
    theirs.parent.mkdir(parents=True)
    theirs.write_text("mine = True")

    patterns("views", "--copy-to", str(tmp_path / "target"), "--overwrite")

    assert theirs.read_text() == FILES["users/views.py"]


def test_a_copy_of_nothing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Name the pattern to copy"):
        patterns("--copy-to", str(tmp_path))


def test_the_page_is_written_and_what_is_missing_told(root: Path) -> None:
    (root / "users/services.py").write_text("def serve(): ...")

    output = patterns("--write")

    assert "Test a view" in (root / "PATTERNS.md").read_text()
    assert "| Message | Cure |" in (root / "README.md").read_text()
    assert "users/services.py has no pattern" in output
    assert "Wrote PATTERNS.md: 2 patterns." in output
