"""A room name that cannot be the name of a group.

Group names are ASCII letters, digits, hyphens, underscores and full stops, fewer than 100. A name
from a URL with a space or an umlaut raises in ``connect``, and the socket dies unexplained.

Message: TypeError: Group name must be a valid unicode string with length < 100
Message: Channel name must be a valid unicode string with length < 100 containing only ASCII
    alphanumerics, hyphens, underscores, or periods
Cure: check the name first, and close with a code of your own; or hash it
Seen on: channels 4.3.2
Upstream: https://channels.readthedocs.io/en/stable/topics/channel_layers.html#groups
"""

import pytest
from channels.layers import get_channel_layer
from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator

from chat.consumers import BAD_ROOM_NAME
from chat.routing import websocket_urlpatterns

pytestmark = pytest.mark.usefixtures("layer_in_memory")
INVALID = pytest.mark.parametrize(
    "name", ["my room", "café", "x" * 100], ids=["space", "accent", "long"]
)


@INVALID
async def test_such_a_group_cannot_be_joined(name: str) -> None:
    with pytest.raises(
        TypeError, match="Group name must be a valid unicode string with length < 100"
    ):
        await get_channel_layer().group_add(name, "somebody")


@INVALID
async def test_a_consumer_that_checks_closes_with_its_own_code(name: str) -> None:
    communicator = WebsocketCommunicator(URLRouter(websocket_urlpatterns), f"/ws/chat/{name}/")

    assert await communicator.connect() == (False, BAD_ROOM_NAME)
