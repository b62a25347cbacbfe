"""Test what a page of the catalogue is read out of.

Write one test module with something of everything, and compare all that is read. The trap is a
field that swallows the prose below it.
"""

from dataclasses import FrozenInstanceError

import pytest

from myproject.catalogue.patterns import Source, read_pattern
from tests.myproject.catalogue.conftest import WriteProject

PAGE = '''"""Test a view (or two), sync and async: both.

Use
it. Or not.

Code: users/views.py, users/page.html,users/gone.py
Message: none; it is
    slow
Message: locked: x
Message: is locked
Cure: wait,
    then retry

More:

    indented
"""

@slow
def helper(): ...
def test_it(): ...
'''


def test_a_page_is_read_whole(write_project: WriteProject) -> None:
    root = write_project(
        {"tests/users/test_Views_of.py": PAGE, "users/views.py": "é\n", "users/page.html": "<p>\n"}
    )

    pattern = read_pattern(root, "tests/users/test_Views_of.py")

    assert pattern.slug == "users-views-of"
    assert pattern.name == "Test a view (or two), sync and async: both"
    assert pattern.prose == "Use\nit. Or not.\n\n\nMore:\n\n    indented"
    assert pattern.fields == {
        "Message": "none; it is slow · locked: x · is locked",
        "Cure": "wait, then retry",
    }
    assert pattern.code == [
        Source("users/views.py", "é\n"),
        Source("users/page.html", "<p>\n"),
        Source("users/gone.py", ""),
    ]
    assert pattern.test == Source("tests/users/test_Views_of.py", PAGE)


def test_what_a_page_says_is_derived_from_it(write_project: WriteProject) -> None:
    root = write_project({"tests/users/test_views.py": PAGE})

    pattern = read_pattern(root, "tests/users/test_views.py")

    assert (pattern.group, pattern.rank, pattern.copyable) == ("Views", 0, True)
    assert pattern.task == "a view"
    assert pattern.command == "uv run pytest tests/users/test_views.py"
    assert pattern.behaviours == {"it": 21}
    assert pattern.leads == ["none; it is slow", "locked: x", "is locked"]
    assert pattern.messages == ["locked: x", "is locked"]
    assert pattern.symptoms == ["it is slow"]
    assert pattern.summary == "Use it."
    assert pattern.told_by == "Use it."


def test_a_page_without_anything_says_nothing(write_project: WriteProject) -> None:
    pattern = read_pattern(write_project({}), "tests/test_readme.py")

    assert (pattern.slug, pattern.name) == ("readme", "tests/test_readme.py")
    assert (pattern.prose, pattern.fields, pattern.code) == ("", {}, [])
    assert (pattern.leads, pattern.messages, pattern.symptoms) == ([], [], [])
    assert (pattern.task, pattern.copyable) == ("", False)


def test_prose_may_follow_the_name_at_once(write_project: WriteProject) -> None:
    root = write_project({"tests/test_x.py": '"""X.\nAt once.\n"""'})

    assert read_pattern(root, "tests/test_x.py").prose == "At once."


def test_what_threads_share_cannot_be_changed(write_project: WriteProject) -> None:
    pattern = read_pattern(write_project({}), "tests/test_x.py")

    with pytest.raises(FrozenInstanceError):
        pattern.name = "another"  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        pattern.test.text = "another"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("source", "length", "first_line"),
    [
        (Source("x.py", '"""X."""\n\nimport y\n\n\nclass C: ...\n\n\ndef f(): ...\n'), 9, 6),
        (Source("x.py", "\n\nasync def f(): ...\n"), 3, 3),
        (Source("x.py", "if x:\n    def f(): ...\n"), 2, 1),
        (Source("x.html", "<p>\n<p>\n"), 2, 1),
        (Source("x.py", ""), 0, 1),
    ],
    ids=["a class", "a coroutine", "nothing at the top", "no Python", "empty"],
)
def test_a_file_begins_where_it_gets_interesting(
    source: Source, length: int, first_line: int
) -> None:
    assert (source.length, source.first_line) == (length, first_line)


@pytest.mark.parametrize(
    ("files", "code"),
    [
        (["users/views.py", "users/views_of_all.py", "tests/users/views.py"], ["users/views.py"]),
        (["users/views_of.py", "users/views.py"], ["users/views_of.py"]),
        (["tests/users/views.py", "users/of.py"], ["tests/users/views.py"]),
    ],
    ids=["an app's before a helper's", "the longest name", "a helper's"],
)
def test_the_nearest_module_is_mirrored(
    write_project: WriteProject, files: list[str], code: list[str]
) -> None:
    root = write_project(dict.fromkeys([*files, "tests/users/test_views_of.py"], ""))

    pattern = read_pattern(root, "tests/users/test_views_of.py")

    assert [source.path for source in pattern.code] == code
