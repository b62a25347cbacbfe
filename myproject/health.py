"""Whether this process lives, and whether it can serve: what a load balancer asks.

django-health-check would do more and cost more: it starts threads for every probe, each with a
database connection, and answers 500 without ``Retry-After``.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from myproject.outages import RETRY_AFTER, one_line

logger = logging.getLogger(__name__)

SECONDS = 2.0


@require_safe
@never_cache
async def healthz(request: HttpRequest) -> JsonResponse:
    """Say that the process answers; asks nobody else, for a restart would not mend them."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
async def readyz(request: HttpRequest) -> JsonResponse:
    """Say what can be reached; 503 unless everything can."""
    states = await asyncio.gather(*(state_of(name, reach) for name, reach in CHECKS.items()))
    answer = dict(zip(CHECKS, states, strict=True))
    if set(states) == {"ok"}:
        return JsonResponse(answer)
    return JsonResponse(answer, status=503, headers=RETRY_AFTER)


async def state_of(name: str, reach: Callable[[], Awaitable[None]]) -> str:
    """Return "ok" or "unreachable"; the log says why."""
    try:
        async with asyncio.timeout(SECONDS):
            await reach()
    except Exception as error:  # noqa: BLE001 - whatever it is, it would meet the next request too
        logger.error("Not ready, for the %s: %s", name, one_line(error))
        return "unreachable"
    return "ok"


@sync_to_async
def reach_database() -> None:
    """Ask the database for the smallest thing there is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


async def reach_channel_layer() -> None:
    """Send to a group that has no members."""
    await get_channel_layer().group_send("readyz", {"type": "readyz"})


CHECKS = {"database": reach_database, "channel layer": reach_channel_layer}
