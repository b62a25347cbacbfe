"""The outside API in tests: nobody calls it by accident, and its pool is closed after each test."""

from collections.abc import AsyncIterator

import pytest

from external.api import external_api


@pytest.fixture(autouse=True)
async def closed_external_api() -> AsyncIterator[None]:
    """Close the client's pool in the loop that opened it: the next test has another loop."""
    yield
    await external_api.aclose()
