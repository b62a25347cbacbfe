"""What stands in for outside APIs, so that the demo needs no network (and no key)."""

import asyncio
from collections.abc import AsyncGenerator

from django.http import HttpRequest, JsonResponse, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_safe

SECONDS = 1.0  # between two ticks


@require_safe
async def upstream(request: HttpRequest) -> JsonResponse:
    """Answer with a JSON object."""
    return JsonResponse({"source": "the upstream that ships with this project", "up": True})


@require_GET
async def clock(request: HttpRequest) -> StreamingHttpResponse:
    """Tell the time for as long as somebody listens: the smallest stream of server-sent events."""
    return StreamingHttpResponse(ticks(), content_type="text/event-stream")


async def ticks() -> AsyncGenerator[str]:
    """Yield an event a second. While it waits it holds neither a thread nor a connection."""
    while True:
        yield f"event: tick\ndata: {timezone.now().isoformat()}\n\n"
        await asyncio.sleep(SECONDS)
