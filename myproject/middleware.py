"""Middleware that is native to an async chain: no thread hop, nothing for Django to adapt.

Once as a class and otherwise as functions; a function needs less.
"""

import json
from collections.abc import Awaitable, Callable
from time import perf_counter

from asgiref.sync import markcoroutinefunction
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import async_only_middleware

GetResponse = Callable[[HttpRequest], Awaitable[HttpResponse]]

# Nothing inline and nothing from elsewhere; the admin site keeps to that too.
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


class AsyncTimingMiddleware:
    """Tell in ``X-Request-Duration`` how many seconds the response took.

    Put it first, so that it times everything else. Without ``async_capable`` and
    ``markcoroutinefunction`` Django would take the class for a sync one, and the next middleware
    out would be handed a coroutine where it expects a response.
    """

    async_capable = True
    sync_capable = False

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        markcoroutinefunction(self)

    async def __call__(self, request: HttpRequest) -> HttpResponse:
        """Time one request."""
        start = perf_counter()
        response = await self.get_response(request)
        response.headers["X-Request-Duration"] = f"{perf_counter() - start:.6f}"
        return response


@async_only_middleware
def content_security_policy_middleware(get_response: GetResponse) -> GetResponse:
    """Forbid inline scripts and other sites' in every page.

    Except in Django's own pages for errors in development, which are made of inline styles.
    """

    async def middleware(request: HttpRequest) -> HttpResponse:
        response = await get_response(request)
        if not (settings.DEBUG and response.status_code in {404, 500}):
            response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        return response

    return middleware


@async_only_middleware
def json_errors_middleware(get_response: GetResponse) -> GetResponse:
    """Answer every error under ``/api/`` with ``{"detail": …}`` instead of an HTML page.

    Views say what is wrong themselves; this is for what never reaches one: an unknown route,
    a wrong method, a foreign host, a failed CSRF check, a crash. Status and headers stay, and so
    does a stream, whose body is not there yet.
    """

    async def middleware(request: HttpRequest) -> HttpResponse:
        response = await get_response(request)
        is_error = response.status_code >= 400 and request.path.startswith("/api/")
        if is_error and not response.streaming and not is_json(response):
            response.content = json.dumps({"detail": reason(request, response)})
            response.headers["Content-Type"] = "application/json"
            response.headers["Content-Length"] = str(len(response.content))
        return response

    return middleware


def is_json(response: HttpResponse) -> bool:
    """Tell whether the body is JSON, whatever more its type says: a charset, ``problem+json``."""
    media_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return media_type == "application/json" or media_type.endswith("+json")


def reason(request: HttpRequest, response: HttpResponse) -> str:
    """Say in one sentence what was wrong with the request."""
    if response.status_code == 404:
        return f"There is nothing at {request.path}"
    if response.status_code == 405:
        return f"{request.method} is not allowed here; use {response.headers['Allow']}."
    return response.reason_phrase
