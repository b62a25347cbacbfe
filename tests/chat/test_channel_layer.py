"""Test what the channel layers have in common, and where they differ.

Use one contract suite over every layer that the application may run on, because tests on the
in-memory layer say nothing about Redis. It runs on memory always, and on Redis when ``REDIS_URL``
is set. The traps are at the end: each layer forgives what the other does not.
Code: myproject/settings.py, chat/layer.py
"""

import asyncio
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import pytest
from channels.layers import BaseChannelLayer, get_channel_layer
from django.conf import settings as django_settings
from django.utils.module_loading import import_string
from pytest_django import Settings
from pytest_mock import MockerFixture

MARKER = {"type": "marker"}
HELLO = {"type": "hello"}


@pytest.fixture(
    params=["memory", "redis"] if getattr(django_settings, "REDIS_URL", "") else ["memory"]
)
def kind(request: pytest.FixtureRequest) -> str:
    """Which layer is under test; `layer` is that layer."""
    name: str = request.param
    return name


@pytest.fixture
def config(kind: str, channel_layers_setting: dict[str, Any]) -> dict[str, Any]:
    """The layer's setting."""
    configs: dict[str, dict[str, Any]] = {
        "memory": {
            "BACKEND": "channels.layers.InMemoryChannelLayer",
            "CONFIG": {"capacity": 10_000},
        },
        "redis": channel_layers_setting["default"],
    }
    return configs[kind]


@pytest.fixture
def layer(config: dict[str, Any], settings: Settings) -> BaseChannelLayer:
    """The layer under test."""
    settings.CHANNEL_LAYERS = {"default": config, "another": config}
    return get_channel_layer()


async def member_of(layer: BaseChannelLayer, *groups: str) -> str:
    """Return a new channel that has joined these groups."""
    channel: str = await layer.new_channel()
    for group in groups:
        await layer.group_add(group, channel)
    return channel


async def first_received(layer: BaseChannelLayer, channel: str) -> dict[str, Any]:
    """Return what is waiting, or else a marker: so that nothing waits for silence."""
    await layer.send(channel, MARKER)
    message: dict[str, Any] = await layer.receive(channel)
    return message


async def test_everybody_in_a_group_receives_a_message(layer: BaseChannelLayer) -> None:
    members = [await member_of(layer, "room") for _ in range(3)]

    await layer.group_send("room", HELLO)

    received = [await layer.receive(member) for member in members]
    assert received == [HELLO] * 3


async def test_a_member_who_left_receives_nothing(layer: BaseChannelLayer) -> None:
    stays, leaves = await member_of(layer, "room"), await member_of(layer, "room")

    await layer.group_discard("room", leaves)
    await layer.group_send("room", HELLO)

    assert await layer.receive(stays) == HELLO
    assert await first_received(layer, leaves) == MARKER


async def test_leaving_a_group_that_one_never_joined_is_allowed(layer: BaseChannelLayer) -> None:
    stranger = await member_of(layer)

    await layer.group_discard("room", stranger)

    assert await first_received(layer, stranger) == MARKER


async def test_a_group_hears_nothing_of_another(layer: BaseChannelLayer) -> None:
    here, there = await member_of(layer, "here"), await member_of(layer, "there")

    await layer.group_send("here", HELLO)

    assert await layer.receive(here) == HELLO
    assert await first_received(layer, there) == MARKER


async def test_joining_twice_delivers_once(layer: BaseChannelLayer) -> None:
    member = await member_of(layer, "room", "room")

    await layer.group_send("room", HELLO)

    assert await layer.receive(member) == HELLO
    assert await first_received(layer, member) == MARKER


async def test_a_group_without_members_swallows_a_message(layer: BaseChannelLayer) -> None:
    await layer.group_send("nobody", HELLO)

    late = await member_of(layer, "nobody")
    assert await first_received(layer, late) == MARKER


async def test_a_channel_may_be_in_many_groups(layer: BaseChannelLayer) -> None:
    groups = [f"room-{number}" for number in range(50)]
    member = await member_of(layer, *groups)

    for group in groups:
        await layer.group_send(group, {"type": "hello", "group": group})

    received = [(await layer.receive(member))["group"] for _ in groups]
    assert received == groups


async def test_messages_of_one_sender_arrive_in_order(layer: BaseChannelLayer) -> None:
    member = await member_of(layer, "room")

    for number in range(100):
        await layer.group_send("room", {"type": "hello", "number": number})

    received = [(await layer.receive(member))["number"] for _ in range(100)]
    assert received == list(range(100))


async def test_a_burst_of_a_hundred_senders_loses_nothing(layer: BaseChannelLayer) -> None:
    member = await member_of(layer, "room")

    async def send_ten(sender: int) -> None:
        for number in range(10):
            await layer.group_send("room", {"type": "hello", "id": sender * 10 + number})

    await asyncio.gather(*(send_ten(sender) for sender in range(100)))

    received = {(await layer.receive(member))["id"] for _ in range(1000)}
    assert received == set(range(1000))


# Here they differ.


async def test_another_layer_hears_a_group_through_redis_only(
    layer: BaseChannelLayer, kind: str
) -> None:
    another = get_channel_layer("another")
    member = await member_of(another, "room")

    await layer.group_send("room", HELLO)

    assert await first_received(another, member) == {"memory": MARKER, "redis": HELLO}[kind]


async def test_a_message_expires_in_memory_and_takes_its_channel_out_of_every_group(
    layer: BaseChannelLayer, kind: str, mocker: MockerFixture
) -> None:
    member = await member_of(layer, "room")
    await layer.group_send("room", {"type": "old"})

    mocker.patch("time.time", return_value=2**33)
    await layer.group_send("room", {"type": "new"})

    expected = {"memory": MARKER, "redis": {"type": "old"}}[kind]
    assert await first_received(layer, member) == expected


async def test_past_the_capacity_a_group_message_is_lost_without_a_word_in_memory(
    config: dict[str, Any], kind: str
) -> None:
    layer = import_string(config["BACKEND"])(**{**config["CONFIG"], "capacity": 1})
    member = await member_of(layer, "room")

    await layer.group_send("room", {"type": "first"})
    await layer.group_send("room", {"type": "second"})

    assert await layer.receive(member) == {"type": "first"}
    expected = {"memory": MARKER, "redis": {"type": "second"}}[kind]
    assert await first_received(layer, member) == expected
    await layer.flush()


async def test_redis_lets_only_channels_of_this_process_join(
    layer: BaseChannelLayer, kind: str
) -> None:
    refused = pytest.raises(RuntimeError, match="exist in-process")
    outcome: dict[str, AbstractContextManager[object]] = {
        "memory": nullcontext(),
        "redis": refused,
    }

    with outcome[kind]:
        await layer.group_add("room", "specific.of-another-process")


async def test_memory_refuses_a_group_whose_name_is_not_plain(
    layer: BaseChannelLayer, kind: str
) -> None:
    refused = pytest.raises(TypeError, match="Group name must be")
    outcome: dict[str, AbstractContextManager[object]] = {
        "memory": refused,
        "redis": nullcontext(),
    }

    with outcome[kind]:
        await layer.group_send("not plain", HELLO)
