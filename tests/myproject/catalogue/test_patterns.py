"""Test code that reads files, on files the test itself writes.

Use ``tmp_path``, and write just the lines that matter to the test. The trap is reading the
repository's own files: such a test breaks with any change to them, and shows nothing of the input.
"""

import pytest

from myproject.catalogue.patterns import read_pattern
from tests.myproject.catalogue.conftest import WriteProject

DOCSTRING = '''"""Survive a locked database.

Two writers at once: one must wait.

So let it wait.

Message: database is
    locked
Cure: Wait.
Upstream: Django #29280
"""
'''


@pytest.mark.parametrize(
    ("test", "module"),
    [
        ("tests/users/test_views.py", "users/views.py"),
        ("tests/users/test_views_streaming.py", "users/views.py"),
        (
            "tests/myproject/management/commands/test_demo.py",
            "myproject/management/commands/demo.py",
        ),
        ("tests/plugins/test_people.py", "tests/plugins/people.py"),
        ("tests/test_factories.py", "tests/factories.py"),
    ],
    ids=["an app's", "a part of one", "a command's", "a plugin's", "a helper's"],
)
def test_the_code_is_the_module_at_the_same_path(
    write_project: WriteProject, test: str, module: str
) -> None:
    root = write_project({test: '"""Test it."""', module: "x = 1"})

    (code,) = read_pattern(root, test).code

    assert (code.path, code.text) == (module, "x = 1")


def test_a_docstring_names_the_code_where_the_path_does_not(write_project: WriteProject) -> None:
    root = write_project(
        {
            "tests/users/test_orm.py": '"""Test it.\n\nCode: users/models.py, users/views.py\n"""',
            "users/models.py": "",
            "users/views.py": "",
        }
    )

    pattern = read_pattern(root, "tests/users/test_orm.py")

    assert [source.path for source in pattern.code] == ["users/models.py", "users/views.py"]
    assert pattern.fields == {}


def test_a_test_that_mirrors_nothing_has_no_code(write_project: WriteProject) -> None:
    root = write_project({"tests/users/test_orm.py": ""})

    assert read_pattern(root, "tests/users/test_orm.py").code == []


def test_a_docstring_is_name_prose_and_fields(write_project: WriteProject) -> None:
    root = write_project({"tests/troubleshooting/test_locks.py": DOCSTRING})

    pattern = read_pattern(root, "tests/troubleshooting/test_locks.py")

    assert pattern.name == "Survive a locked database"
    assert pattern.prose == "Two writers at once: one must wait.\n\nSo let it wait."
    assert pattern.fields == {
        "Message": "database is locked",
        "Cure": "Wait.",
        "Upstream": "Django #29280",
    }


def test_a_test_without_docstring_is_named_by_its_path(write_project: WriteProject) -> None:
    root = write_project({"tests/users/test_views.py": ""})

    assert read_pattern(root, "tests/users/test_views.py").name == "tests/users/test_views.py"


@pytest.mark.parametrize(
    ("path", "name", "task"),
    [
        ("tests/test_x.py", "Test a view: sync and async", "a view"),
        ("tests/test_x.py", "Test a view, or two", "a view"),
        ("tests/test_x.py", "Lock rows", ""),
        ("tests/live/test_x.py", "Test a server", ""),
    ],
    ids=["up to a colon", "up to a comma", "no task", "how it is run"],
)
def test_a_task_is_what_somebody_wants_to_test(
    write_project: WriteProject, path: str, name: str, task: str
) -> None:
    assert read_pattern(write_project({path: f'"""{name}."""'}), path).task == task


def test_behaviours_are_what_the_tests_are_called(write_project: WriteProject) -> None:
    text = "async def test_it_works(): ...\n\nclass TestIt:\n  def test_more(self): ..."
    root = write_project({"tests/users/test_views.py": text})

    pattern = read_pattern(root, "tests/users/test_views.py")

    assert pattern.behaviours == {"it works": 1, "more": 4}


def test_a_field_that_comes_again_adds_a_message(write_project: WriteProject) -> None:
    text = (
        '"""Locks.\n\nMessage: locked: x\nMessage: none; it is\n    slow\nMessage: is locked\n"""'
    )
    root = write_project({"tests/troubleshooting/test_locks.py": text})

    pattern = read_pattern(root, "tests/troubleshooting/test_locks.py")

    assert pattern.messages == ["locked: x", "is locked"]
    assert pattern.symptoms == ["it is slow"]


@pytest.mark.parametrize(
    ("prose", "summary"),
    [("Use\nit. The trap is x.", "Use it."), ("Use it.", "Use it."), ("Use v1.2.", "Use v1.2.")],
    ids=["over two lines", "alone", "a stop that ends nothing"],
)
def test_the_summary_ends_at_a_full_stop(
    write_project: WriteProject, prose: str, summary: str
) -> None:
    root = write_project({"tests/users/test_x.py": f'"""X.\n\n{prose}\n"""'})

    assert read_pattern(root, "tests/users/test_x.py").summary == summary


def test_a_cause_says_what_it_is_told_by(write_project: WriteProject) -> None:
    text = '"""X.\n\nWait. And wait.\n\nMessage: locked\n{}"""'
    root = write_project(
        {
            "tests/test_x.py": text.format("Told by: two of them write\n"),
            "tests/test_y.py": text.format(""),
        }
    )

    assert read_pattern(root, "tests/test_x.py").told_by == "It is this if two of them write."
    assert read_pattern(root, "tests/test_y.py").told_by == "Wait."


@pytest.mark.parametrize(
    ("path", "command"),
    [
        ("tests/users/test_views.py", "uv run pytest tests/users/test_views.py"),
        ("tests/live/test_daphne.py", "uv run pytest -m live tests/live/test_daphne.py"),
        (
            "tests/live/browser/test_x.py",
            "uv run --group browser pytest -m browser tests/live/browser/test_x.py",
        ),
    ],
    ids=["default", "live", "browser"],
)
def test_the_command_runs_just_that_module(
    write_project: WriteProject, path: str, command: str
) -> None:
    assert read_pattern(write_project({}), path).command == command


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('"""Doc."""\n\nimport os\n\nx = 1\n\n@decorated\ndef f(): ...\n\nclass C: ...', 8),
        ("x = 1", 1),
    ],
    ids=["below the imports", "no definition"],
)
def test_the_first_line_is_where_definitions_begin(
    write_project: WriteProject, text: str, line: int
) -> None:
    root = write_project({"tests/users/test_views.py": text})

    assert read_pattern(root, "tests/users/test_views.py").test.first_line == line
