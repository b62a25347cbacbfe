"""Test code that reads files, on files the test itself writes.

Use ``tmp_path``, and write just the lines that matter to the test. The trap is reading the
repository's own files: such a test breaks with any change to them, and shows nothing of the input.
"""

import pytest

from myproject.patterns import GROUPS, read_pattern
from tests.myproject.conftest import WriteProject

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


def test_behaviours_are_what_the_tests_are_called(write_project: WriteProject) -> None:
    text = "async def test_it_works(): ...\n\nclass TestIt:\n  def test_more(self): ..."
    root = write_project({"tests/users/test_views.py": text})

    pattern = read_pattern(root, "tests/users/test_views.py")

    assert pattern.behaviours == {"it works": 1, "more": 4}


def test_words_are_those_of_prose_paths_and_behaviours_once_each(
    write_project: WriteProject,
) -> None:
    text = '"""Test Test_it.\n\nWith Café.\n"""\ndef test_it_sings(): ...'
    root = write_project({"tests/chat/test_x.py": text})

    pattern = read_pattern(root, "tests/chat/test_x.py")

    assert " ".join(pattern.words) == "test it websockets with café tests chat x py sings"


@pytest.mark.parametrize(
    ("path", "group"),
    [
        ("tests/users/test_views.py", "Views"),
        ("tests/users/test_viewsets.py", "Django REST framework"),
        ("tests/users/test_orm.py", "ORM and database"),
        ("tests/chat/test_consumers.py", "WebSockets"),
        ("tests/external/test_views.py", "Outside APIs and mocking"),
        ("tests/plugins/test_people.py", "Fixtures and factories"),
        ("tests/test_factories.py", "Fixtures and factories"),
        ("tests/myproject/test_middleware.py", "Middleware and the project"),
        ("tests/live/test_servers.py", "Live servers"),
        ("tests/live/browser/test_chat.py", "A real browser"),
        ("tests/troubleshooting/test_locks.py", "Troubleshooting"),
        ("tests/elsewhere/test_it.py", "Others"),
    ],
)
def test_the_folder_decides_the_group(write_project: WriteProject, path: str, group: str) -> None:
    pattern = read_pattern(write_project({}), path)

    assert pattern.group == group
    assert group in GROUPS


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
