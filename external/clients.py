"""One pooled HTTP client per event loop.

A pool's connections belong to the loop that opened them: in another (the next test's, or that of
``async_to_sync``) they fail with "Event loop is closed". A server has one loop per process.
"""

import asyncio

import httpx2

# Made once, at import: reading the certificates of all authorities blocks for a quarter second.
CERTIFICATES = httpx2.create_ssl_context()

# A pool asks the system about each idle connection whenever a call begins or ends.
IDLE = 20


class Clients:
    """The clients for one kind of call, made when a loop first asks.

    Args:
        connections: How many calls may be under way at once; more wait for a place in the pool.
        transport: For tests, instead of the network.
    """

    def __init__(
        self, connections: int, transport: httpx2.AsyncBaseTransport | None = None
    ) -> None:
        self.connections = connections
        self.transport = transport
        self.by_loop: dict[asyncio.AbstractEventLoop, httpx2.AsyncClient] = {}

    def get(self) -> httpx2.AsyncClient:
        """Return the running loop's client."""
        loop = asyncio.get_running_loop()
        if loop not in self.by_loop:
            # A client keeps its loop alive, so weak references would never go.
            self.by_loop = {old: kept for old, kept in self.by_loop.items() if not old.is_closed()}
            self.by_loop[loop] = self.make()
        return self.by_loop[loop]

    def make(self) -> httpx2.AsyncClient:
        """Make a client; time limits are its callers', over all attempts, not one per read."""
        limits = httpx2.Limits(max_connections=self.connections, max_keepalive_connections=IDLE)
        transport = self.transport or httpx2.AsyncHTTPTransport(verify=CERTIFICATES, limits=limits)
        return httpx2.AsyncClient(transport=transport, timeout=None)

    async def aclose(self) -> None:
        """Close the running loop's connections, when a server stops or a test ends."""
        client = self.by_loop.pop(asyncio.get_running_loop(), None)
        if client:
            await client.aclose()
