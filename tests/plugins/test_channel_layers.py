"""Give every test a channel layer of its own.

Use the plugin as soon as anything joins a group: the members that one test leaves behind hear the
next one's messages, and with Redis so do those of another process. The trap is a layer that is
replaced and not closed: its connections belong to an event loop that has ended.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from channels.layers import get_channel_layer
from django.conf import settings as django_settings

from tests.plugins.channel_layers import with_own_prefix
from tests.plugins.inner_suite import InnerSuite

REDIS = {"BACKEND": "a.Layer", "CONFIG": {"hosts": ["redis://host/0"], "capacity": 7}}
MEMORY = {"BACKEND": "a.Layer", "CONFIG": {"capacity": 7}}


@pytest.fixture(scope="module")
def earlier() -> Iterator[list[Any]]:
    """The layers of these tests; in the end, each has been emptied after its test."""
    layers: list[Any] = []
    yield layers
    assert [(layer.groups, layer.channels) for layer in layers] == [({}, {})] * len(layers)


@pytest.mark.usefixtures("layer_in_memory")
@pytest.mark.parametrize("turn", ["one test", "another"])
async def test_nobody_is_left_in_a_group_by_the_test_before(turn: str, earlier: list[Any]) -> None:
    layer = get_channel_layer()
    assert layer not in earlier

    await layer.group_add("room", await layer.new_channel())

    earlier.append(layer)


async def test_a_test_may_know_the_setting(channel_layers_setting: dict[str, Any]) -> None:
    assert channel_layers_setting == django_settings.CHANNEL_LAYERS
    assert "default" in channel_layers_setting


def test_on_one_redis_each_test_has_a_prefix_that_no_other_has() -> None:
    one, other = with_own_prefix(REDIS), with_own_prefix(REDIS)

    assert one["CONFIG"].pop("prefix") != other["CONFIG"].pop("prefix")
    assert one == other == REDIS


@pytest.mark.parametrize("layer", [MEMORY, {"BACKEND": "a.Layer"}], ids=["config", "no config"])
def test_a_layer_in_memory_needs_none(layer: dict[str, Any]) -> None:
    assert with_own_prefix(layer) == {"CONFIG": {}, **layer}


ON_REDIS = """
from channels.layers import BaseChannelLayer, get_channel_layer
from django.conf import settings

class Layer(BaseChannelLayer):
    def __init__(self, hosts, prefix="everybody's"):
        super().__init__()
        self.prefix = prefix

    async def flush(self):
        pass

settings.CHANNEL_LAYERS = {
    "default": {"BACKEND": "test_inner.Layer", "CONFIG": {"hosts": ["redis://host/0"]}}
}

def test_a_prefix():
    assert get_channel_layer().prefix.startswith("test-")

def test_in_memory(layer_in_memory):
    assert type(get_channel_layer()).__name__ == "InMemoryChannelLayer"
"""


def test_on_redis_each_test_has_its_prefix_without_asking_or_asks_for_the_layer_in_memory(
    inner_suite: InnerSuite,
) -> None:
    inner_suite(ON_REDIS, plugins=["channel_layers"]).assert_outcomes(passed=2)
