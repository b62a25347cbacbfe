"""Fixtures for the tests of the project itself."""

from collections.abc import Iterator

import pytest
from django.core.signals import request_started
from django.db import close_old_connections, reset_queries


@pytest.fixture
def house_of_djangos() -> Iterator[None]:
    """Have the signals as Django connects them, here and in the next test."""
    connect_housekeeping()
    yield
    connect_housekeeping()


def connect_housekeeping() -> None:
    request_started.connect(close_old_connections)
    request_started.connect(reset_queries)
