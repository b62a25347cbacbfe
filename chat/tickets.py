"""Logging in to a WebSocket without a cookie: a ticket that works once, for half a minute.

A browser cannot set headers on a WebSocket, and a token in the address ends up in logs. So a client
that is logged in for HTTP, by token or otherwise, fetches a ticket and connects with ``?ticket=``.
Whoever reads it in a log comes too late, or second.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs
from uuid import uuid4

from adrf.views import APIView
from django.contrib.auth import get_user_model
from django.core import signing
from django.core.cache import cache
from rest_framework.authentication import SessionAuthentication, TokenAuthentication
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from chat.database import in_time

SECONDS = 30
SALT = "chat.tickets"
BAD_TICKET = 4401

Scope = MutableMapping[str, Any]
Application = Callable[[Scope, Any, Any], Awaitable[None]]


class TicketView(APIView):
    """Give whoever is logged in a ticket: ``{"ticket": "…", "expires_in": 30}``."""

    authentication_classes = [TokenAuthentication, SessionAuthentication]
    permission_classes = [IsAuthenticated]
    schema = None  # it takes nothing, so there is nothing to describe

    async def post(self, request: Request) -> Response:
        """Give a ticket."""
        return Response(
            {"ticket": ticket_for(request.user), "expires_in": SECONDS},
            headers={"Cache-Control": "no-store"},
        )


class TicketAuth:
    """Let sockets that bring a ticket in as its owner, and leave the others to what is there.

    No cookie is looked at with a ticket, so no ``Origin`` need be: a page of another site has no
    ticket to send.

    Args:
        application: Serves those who have a ticket.
        otherwise: Serves the others; checks their ``Origin``, and their session.
    """

    def __init__(self, application: Application, otherwise: Application) -> None:
        self.application, self.otherwise = application, otherwise

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """Serve one socket."""
        query = scope["query_string"].decode("ascii", "replace")
        tickets = parse_qs(query, keep_blank_values=True).get("ticket")
        if tickets is None:
            await self.otherwise(scope, receive, send)
        elif (user := await owner_of(tickets[0])) is not None:
            await self.application({**scope, "user": user}, receive, send)
        else:
            # Only after the handshake can a client read a close code.
            await send({"type": "websocket.accept"})
            await send({"type": "websocket.close", "code": BAD_TICKET})


def ticket_for(user: Any) -> str:
    """Return a new ticket; two for one user differ."""
    return signing.dumps([str(user.pk), uuid4().hex], salt=SALT)


@in_time
def owner_of(ticket: str) -> Any:
    """Use a ticket up, and return whose it was; None if it is not good, or no longer."""
    try:
        pk, _ = signing.loads(ticket, salt=SALT, max_age=SECONDS)
    except signing.BadSignature:
        return None
    # `add` is atomic: of two who come with one ticket, one is the first. All processes must share
    # the cache, or each lets the ticket in once.
    used = f"ticket-{sha256(ticket.encode()).hexdigest()}"
    if not cache.add(used, True, timeout=SECONDS + 1):
        return None
    return get_user_model()._default_manager.filter(pk=pk, is_active=True).first()
