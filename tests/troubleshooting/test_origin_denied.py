"""A WebSocket test that is refused for want of an origin.

Browsers send ``Origin``; the communicator does not, and ``AllowedHostsOriginValidator`` refuses
what has none; it logs nothing, so the consumer looks guilty. It reads ``ALLOWED_HOSTS`` when it is
made: an ``asgi.py`` imported at the top of a test module does not know ``testserver`` yet.

Message: assert connected, with `(False, 1000)` from `communicator.connect()`
Message: Error during WebSocket handshake: Unexpected response code: 403 (in a browser)
Message: WebSocket REJECT (in daphne's log)
Message: AssertionError: assert False, of `connected, _ = await communicator.connect()`
Cure: `WebsocketCommunicator(application, path, headers=[(b"origin", b"http://localhost")])`
Seen on: channels 4.3.2
Upstream: https://github.com/django/channels/issues/2062
"""

from channels.routing import URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from channels.testing import WebsocketCommunicator

from chat.routing import websocket_urlpatterns

PATH = "/ws/chat/lobby/"


async def test_a_socket_without_origin_is_refused() -> None:
    application = AllowedHostsOriginValidator(URLRouter(websocket_urlpatterns))
    communicator = WebsocketCommunicator(application, PATH)

    assert await communicator.connect() == (False, 1000)


async def test_a_socket_with_an_allowed_origin_connects() -> None:
    application = AllowedHostsOriginValidator(URLRouter(websocket_urlpatterns))
    communicator = WebsocketCommunicator(
        application, PATH, headers=[(b"origin", b"http://testserver")]
    )

    assert await communicator.connect() == (True, None)
    await communicator.disconnect()
