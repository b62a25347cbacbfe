"""Tests that only PostgreSQL can pass: ``@pytest.mark.postgresql``.

On another database they are deselected, not skipped: the run's last line counts them, and in CI,
where PostgreSQL is there, nothing is left out.

Needs: pytest-django
"""

import pytest
from django.db import connection


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker."""
    config.addinivalue_line("markers", "postgresql: row locks and the like; needs DATABASE_URL.")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect the marked tests where another database is in use."""
    if connection.vendor != "postgresql":
        config.hook.pytest_deselected(items=[item for item in items if is_marked(item)])
        items[:] = [item for item in items if not is_marked(item)]


def is_marked(item: pytest.Item) -> bool:
    """Return whether only PostgreSQL can pass a test."""
    return item.get_closest_marker("postgresql") is not None
