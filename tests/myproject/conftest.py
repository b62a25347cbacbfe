"""Fixtures of the tests for code that reads a project's source."""

from collections.abc import Callable
from pathlib import Path

import pytest

WriteProject = Callable[[dict[str, str]], Path]


@pytest.fixture
def write_project(tmp_path: Path) -> WriteProject:
    """Return a function that writes files, given by path, and returns their folder."""

    def write(files: dict[str, str]) -> Path:
        for path, text in files.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text)
        return tmp_path

    return write
