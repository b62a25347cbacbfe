"""A channel layer of its own for every test.

Channels keeps one layer for the process. Its groups outlive a test, and with them the members a
failed test left behind, so that the next test hears strangers. Through Redis it would hear even
the tests of another process.
"""

from collections.abc import AsyncIterator
from copy import deepcopy
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
    layers: dict[str, Any] = deepcopy(settings.CHANNEL_LAYERS)
    for layer in layers.values():
        if "hosts" in layer["CONFIG"]:
            # Tests that run at the same time share one Redis: nobody else has this prefix.
            layer["CONFIG"]["prefix"] = f"test-{uuid4().hex[:8]}-"
    settings.CHANNEL_LAYERS = layers
    yield layers
    for backend in channel_layers.backends.values():
        await backend.flush()
