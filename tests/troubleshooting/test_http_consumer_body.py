"""An ``AsyncHttpConsumer`` that answers with text.

Channels has a consumer for plain HTTP, with which one coroutine may answer when it likes. It sends
bytes and nothing else. Test it with ``HttpCommunicator``, which raises what the consumer raised,
when the time that it gives the answer is up.

Message: AssertionError: Body is not bytes
Cure: `await self.send_response(200, text.encode(), headers=[(b"Content-Type", b"text/plain")])`
Seen on: channels 4.3.2
Upstream: https://channels.readthedocs.io/en/stable/topics/consumers.html
"""

import pytest
from channels.generic.http import AsyncHttpConsumer
from channels.testing import HttpCommunicator


class Text(AsyncHttpConsumer):
    async def handle(self, body: bytes) -> None:
        await self.send_response(200, f"{len(body)} bytes")


class Bytes(AsyncHttpConsumer):
    async def handle(self, body: bytes) -> None:
        headers = [(b"Content-Type", b"text/plain")]
        await self.send_response(200, f"{len(body)} bytes".encode(), headers=headers)


async def test_text_is_refused() -> None:
    communicator = HttpCommunicator(Text.as_asgi(), "POST", "/", body=b"hello")

    with pytest.raises(AssertionError, match="Body is not bytes"):
        await communicator.get_response(timeout=0.2)


async def test_bytes_arrive_with_their_headers() -> None:
    communicator = HttpCommunicator(Bytes.as_asgi(), "POST", "/", body=b"hello")

    response = await communicator.get_response()

    assert (response["status"], response["body"]) == (200, b"5 bytes")
    assert (b"Content-Type", b"text/plain") in response["headers"]
