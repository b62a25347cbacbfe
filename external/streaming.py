"""Pass an outside API's server-sent events on, no faster than the client reads them."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, suppress

import httpx2
from django.conf import settings
from django.http import StreamingHttpResponse

from external.api import ExternalApiError, ExternalApiTimeoutError
from external.clients import Clients

HEADERS = {
    "Accept": "text/event-stream",
    "Accept-Encoding": "identity",  # bytes are passed on as they come
}


class EventStream(StreamingHttpResponse):
    """A response whose generator is closed as soon as the client has left.

    Django cancels the view's task. If that waits for the next event, the generator sees it; if it
    waits for the client to read, the generator stands at its ``yield`` and nobody closes it: its
    ``finally`` would wait for the garbage collector, and the upstream's connection with it.
    """

    def __init__(self, events: AsyncGenerator[bytes]) -> None:
        self.events = events
        headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}  # not in nginx either
        super().__init__(events, content_type="text/event-stream", headers=headers)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async with aclosing(self.events):
            yield b""  # daphne keeps the headers until there is a body
            async for chunk in super().__aiter__():
                yield chunk


class ExternalStream:
    """The events at ``settings.EXTERNAL_STREAM_URL``.

    Streams last, so they have a pool of their own: in that of the short calls they would sooner
    or later hold every place.
    """

    def __init__(self, transport: httpx2.AsyncBaseTransport | None = None) -> None:
        self.clients = Clients(settings.EXTERNAL_STREAM_CONNECTIONS, transport)

    async def aclose(self) -> None:
        """Close the pool's connections."""
        await self.clients.aclose()

    async def open(self) -> AsyncGenerator[bytes]:
        """Return the events, once the API has begun to answer.

        Raises:
            ExternalApiTimeoutError: It has not, within ``settings.EXTERNAL_API_TIMEOUT`` seconds.
            ExternalApiError: It could not be reached, or answers something else than events.
        """
        events = self.chunks()
        # Up to its first `yield`: a generator that never ran has a `finally` that never runs.
        await anext(events)
        return events

    async def chunks(self) -> AsyncGenerator[bytes]:
        """Yield nothing when the answer begins, and then its bytes."""
        client = self.clients.get()
        try:
            request = client.build_request("GET", settings.EXTERNAL_STREAM_URL, headers=HEADERS)
            async with asyncio.timeout(settings.EXTERNAL_API_TIMEOUT):
                response = await client.send(request, stream=True)
        except TimeoutError:
            raise ExternalApiTimeoutError("The outside API did not answer in time.") from None
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise ExternalApiError("The outside API could not be reached.") from error
        async with aclosing(response):
            kind = response.headers.get("Content-Type", "")
            if response.status_code != 200 or not kind.startswith("text/event-stream"):
                raise ExternalApiError("The outside API did not answer with events.")
            yield b""
            # If it breaks off, the response ends, and the client connects again.
            with suppress(httpx2.HTTPError):
                async for chunk in response.aiter_raw():
                    yield chunk


external_stream = ExternalStream()
