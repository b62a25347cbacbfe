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
    marked = [item for item in items if item.get_closest_marker("postgresql")]
    deselected = marked if connection.vendor != "postgresql" else []
    config.hook.pytest_deselected(items=deselected)
    items[:] = [item for item in items if item not in deselected]
