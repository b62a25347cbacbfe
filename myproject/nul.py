r"""Refuse what no text in PostgreSQL can hold, before a query meets it.

A form and a serializer refuse a NUL. But a filter of the admin's list passes it on, and so does a
session: a quoted cookie may hold ``\000``. The driver raises ``DataError``, and every page that
asks who is there is a 500. SQLite takes it, so no test on SQLite fails.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Application = Callable[[Scope, Any, Any], Awaitable[None]]

BODY = b'{"detail": "A NUL is not allowed here."}'


class NulMiddleware:
    """Answer 400 to a request with a NUL in its address or a cookie, and let in no such socket."""

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """Serve one request or socket."""
        if scope["type"] == "lifespan" or not has_nul(scope):
            await self.application(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close"})
        else:
            headers = [(b"content-type", b"application/json")]
            await send({"type": "http.response.start", "status": 400, "headers": headers})
            await send({"type": "http.response.body", "body": BODY})


def has_nul(scope: Scope) -> bool:
    """Look for it, in each place as it is written there."""
    return (
        "\0" in scope["path"]
        or b"%00" in scope["query_string"]
        or any(name == b"cookie" and b"\\000" in value for name, value in scope["headers"])
    )
