"""A channel layer of its own for every test.

Channels keeps one layer for the process. Its groups outlive a test, and with them the members a
failed test left behind, so that the next test hears strangers.
"""

from copy import deepcopy
from typing import Any

import pytest
from pytest_django import Settings


@pytest.fixture(autouse=True)
def channel_layers_setting(settings: Settings) -> dict[str, Any]:
    """Start with an empty channel layer.

    Assigning the setting is enough: Channels listens for ``setting_changed`` and forgets the
    layers it has made.

    Returns:
        ``settings.CHANNEL_LAYERS``, for a test that needs to know or to replace it.
    """
    layers: dict[str, Any] = deepcopy(settings.CHANNEL_LAYERS)
    settings.CHANNEL_LAYERS = layers
    return layers
