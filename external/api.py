"""The client for an outside HTTP API: one pool, bounded time, retries, errors of its own."""

import asyncio
from typing import Any

import httpx2
import stamina
from django.conf import settings

from external.clients import Clients


class ExternalApiError(Exception):
    """The outside API gave no usable answer; the text says why, without its address."""


class ExternalApiTimeoutError(ExternalApiError):
    """It gave none in time."""


class ExternalApi:
    """Fetch from the API at ``settings.EXTERNAL_API_URL``, or from others.

    One pooled client serves the whole process: with a client per request, a hundred concurrent
    calls would open a hundred connections. No more than ``settings.EXTERNAL_API_CONNECTIONS`` are
    under way at once; who waits for a place waits within the same time limit.
    """

    def __init__(self, transport: httpx2.AsyncBaseTransport | None = None) -> None:
        self.clients = Clients(settings.EXTERNAL_API_CONNECTIONS, transport)

    async def aclose(self) -> None:
        """Close the pool's connections; later calls open others."""
        await self.clients.aclose()

    async def fetch(self, url: str | None = None) -> dict[str, Any]:
        """Return the API's JSON object.

        Raises:
            ExternalApiTimeoutError: No answer within ``settings.EXTERNAL_API_TIMEOUT`` seconds.
            ExternalApiError: Unreachable, an error status, or no JSON object.
        """
        try:
            async with asyncio.timeout(settings.EXTERNAL_API_TIMEOUT):
                response = await self._get(url or settings.EXTERNAL_API_URL)
            data = response.raise_for_status().json()
        except TimeoutError:
            raise ExternalApiTimeoutError("The outside API did not answer in time.") from None
        except httpx2.HTTPStatusError as error:
            status = error.response.status_code
            raise ExternalApiError(f"The outside API answered {status}.") from error
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise ExternalApiError("The outside API could not be reached.") from error
        except (ValueError, RecursionError) as error:
            raise ExternalApiError("The outside API's answer was not JSON.") from error
        if not isinstance(data, dict):
            raise ExternalApiError("The outside API's answer was not a JSON object.")
        return data

    @stamina.retry(on=(httpx2.NetworkError, httpx2.RemoteProtocolError), attempts=2)
    async def _get(self, url: str) -> httpx2.Response:
        # A connection that broke is worth another try; an answer, even a bad one, is an answer.
        return await self.clients.get().get(url)


external_api = ExternalApi()
