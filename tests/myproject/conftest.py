"""Fixtures for the tests of the project itself."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.signals import request_started
from django.db import close_old_connections, reset_queries

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


@pytest.fixture
def house_of_djangos() -> Iterator[None]:
    """Have the signals as Django connects them, here and in the next test."""
    connect_housekeeping()
    yield
    connect_housekeeping()


def connect_housekeeping() -> None:
    request_started.connect(close_old_connections)
    request_started.connect(reset_queries)
