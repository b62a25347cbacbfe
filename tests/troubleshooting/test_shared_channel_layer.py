"""A channel layer shared by tests, and so by event loops.

Channels keeps one layer per process; each test has an event loop of its own. Members that a test
left behind are still in their groups, and a channel on which a consumer of another loop still
waits cannot be received from.

Message: RuntimeError: <Queue …> is bound to a different event loop
Told by: `channels/layers.py` or `channels_redis` is in the traceback
Cure: assign `settings.CHANNEL_LAYERS` anew in an autouse fixture: Channels then makes a new layer
Seen on: channels 4.3.2, Python 3.11 and 3.13
Upstream: none known
"""

import asyncio
from copy import deepcopy

import pytest
from channels.layers import get_channel_layer
from django.conf import settings as django_settings
from pytest_django import Settings

pytestmark = pytest.mark.usefixtures("layer_in_memory")


async def leave_a_member_behind() -> None:
    await get_channel_layer().group_add("chat_lobby", "left-behind")


async def members() -> list[str]:
    return list(get_channel_layer().groups.get("chat_lobby", {}))


def test_a_group_outlives_the_loop_that_filled_it() -> None:
    asyncio.run(leave_a_member_behind())

    assert asyncio.run(members()) == ["left-behind"]


def test_a_channel_belongs_to_the_loop_that_waits_on_it() -> None:
    layer = get_channel_layer()

    with asyncio.Runner() as other_test:
        other_test.get_loop().create_task(layer.receive("alice"))
        other_test.run(asyncio.sleep(0))

        with pytest.raises(RuntimeError, match="is bound to a different event loop"):
            asyncio.run(layer.receive("alice"))


def test_assigning_the_setting_empties_it(settings: Settings) -> None:
    asyncio.run(leave_a_member_behind())

    settings.CHANNEL_LAYERS = deepcopy(django_settings.CHANNEL_LAYERS)

    assert asyncio.run(members()) == []
