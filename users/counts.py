"""A number that is expensive to look up, cached."""

from typing import cast

from asgiref.sync import sync_to_async
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

SECONDS = 60


async def acount_users() -> int:
    """Return how many people there are, or were at most a minute ago."""
    # Not `aget_or_set`: it calls a function in the event loop, where the ORM may not, and caches an
    # async function's coroutine instead of what it returns. And this is one thread hop, not three.
    count = get_user_model()._default_manager.count
    return cast("int", await sync_to_async(cache.get_or_set)("users:count", count, SECONDS))


@require_safe
async def user_count(request: HttpRequest) -> JsonResponse:
    """Tell how many people there are: ``{"count": 3}``."""
    return JsonResponse({"count": await acount_users()})
