"""A channel layer of its own for every test.

Channels keeps one layer for the process. Its groups outlive a test, and with them the members a
failed test left behind, so that the next test hears strangers. Through Redis it would hear even
the tests of another process.

Needs: channels, pytest-asyncio, pytest-django, CHANNEL_LAYERS
"""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest
from channels.layers import channel_layers
from pytest_django import Settings


@pytest.fixture(autouse=True)
async def channel_layers_setting(settings: Settings) -> AsyncIterator[dict[str, Any]]:
    """Start with an empty channel layer, and close it in the loop that opened it.

    Assigning the setting is enough for the first: Channels listens for ``setting_changed`` and
    forgets the layers it has made.

    Yields:
        ``settings.CHANNEL_LAYERS``, for a test that needs to know or to replace it.
    """
    layers = {alias: with_own_prefix(layer) for alias, layer in settings.CHANNEL_LAYERS.items()}
    settings.CHANNEL_LAYERS = layers
    yield layers
    for backend in channel_layers.backends.values():
        await backend.flush()


@pytest.fixture
def layer_in_memory(settings: Settings) -> None:
    """Use the layer in memory, whose errors these are, also where the suite runs on Redis."""
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}


def with_own_prefix(layer: dict[str, Any]) -> dict[str, Any]:
    """Return the setting with a prefix nobody else has; tests share one Redis, but no memory."""
    config = layer.get("CONFIG", {})
    prefix = {"prefix": f"test-{uuid4().hex[:8]}-"} if "hosts" in config else {}
    return {**layer, "CONFIG": {**config, **prefix}}
