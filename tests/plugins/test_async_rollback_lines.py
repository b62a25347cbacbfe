"""The line that an error names.

An error of the rollback plugin names the line of the project that led to it: not Django's below it,
nor the plugin's own. The trap is a thread that a library begins, in which there is none: that has
the library's line, and not that of ``threading``.

Code: tests/plugins/async_rollback.py
"""

from __future__ import annotations

import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import asgiref.sync
import django
import pytest

from tests.plugins import async_rollback
from tests.plugins.async_rollback import origin

DJANGO, PYTEST, ASGIREF = str(django.__file__), str(pytest.__file__), str(asgiref.sync.__file__)
VIEWS, TESTS = "/srv/shop/views.py", "/srv/shop/test_async_rollback.py"
PLUGINS = [f"/srv/shop/{name}.py" for name in ("async_rollback", "async_db", "leftovers")]


@pytest.mark.parametrize(
    ("files", "named"),
    [
        pytest.param([DJANGO, VIEWS, TESTS], VIEWS, id="the_projects_that_is_nearest"),
        pytest.param([*PLUGINS, DJANGO, TESTS], TESTS, id="not_a_plugins"),
        pytest.param([DJANGO, PYTEST], PYTEST, id="or_the_outermost_of_a_library"),
        pytest.param([DJANGO, threading.__file__], DJANGO, id="not_pythons"),
        pytest.param([DJANGO, "<string>"], DJANGO, id="not_that_of_no_file"),
        pytest.param([DJANGO, ASGIREF], DJANGO, id="not_that_of_what_only_changes_threads"),
    ],
)
def test_an_error_names_a_line_that_helps(files: list[str], named: str) -> None:
    assert origin(stack(files)) == f"{named}:1 in work"


def stack(files: list[str]) -> Any:
    """Make a stack of frames, the innermost first."""
    if not files:
        return None
    code = SimpleNamespace(co_filename=files[0], co_name="work")
    return SimpleNamespace(f_code=code, f_lineno=1, f_back=stack(files[1:]))


def test_a_stack_of_pythons_own_lines_says_so() -> None:
    assert origin(stack([threading.__file__])) == "a line of Python's own"


def test_a_library_may_lie_in_pythons_own_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(async_rollback, "PYTHON", str(Path(DJANGO).parents[2]))

    assert origin(stack([DJANGO])) == f"{DJANGO}:1 in work"
