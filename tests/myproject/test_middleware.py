"""Test async middleware.

Use ``AsyncClient`` for what a client sees, and a clock that the test controls for durations. The
trap is a class with ``async def __call__`` that is not marked as a coroutine function: alone it
works, but behind another middleware the request dies. So test it between sync ones, too.
"""

import logging
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, StreamingHttpResponse
from django.test import AsyncClient, Client
from django.urls import path
from pytest_django import Settings
from pytest_mock import MockerFixture

TIMING = "myproject.middleware.AsyncTimingMiddleware"
POLICY = "myproject.middleware.content_security_policy_middleware"
SYNC = f"{__name__}.SyncMiddleware"


class SyncMiddleware:
    """What most of the world's middleware is: sync, and it touches the response."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers["X-Sync"] = "was here"
        return response


async def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse("hello")


async def crash(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a defect")


async def stream(request: HttpRequest) -> StreamingHttpResponse:
    async def parts() -> AsyncIterator[str]:
        yield "one, "
        yield "two"

    return StreamingHttpResponse(parts(), status=503)


async def problem(request: HttpRequest) -> HttpResponse:
    return HttpResponse('{"title": "a"}', status=409, content_type=request.GET["type"])


async def not_allowed(request: HttpRequest) -> HttpResponse:
    return HttpResponseNotAllowed(["POST"])


urlpatterns = [
    path("hello/", hello),
    path("api/crash/", crash),
    path("page/crash/", crash),
    path("api/stream/", stream),
    path("api/problem/", problem),
    path("api/not-allowed/", not_allowed),
]


@pytest.mark.urls(__name__)
async def test_every_response_says_how_long_it_took(
    async_client: AsyncClient, settings: Settings
) -> None:
    settings.MIDDLEWARE = [TIMING]

    response = await async_client.get("/hello/")

    assert float(response.headers["X-Request-Duration"]) >= 0


@pytest.mark.urls(__name__)
async def test_the_duration_is_in_seconds(
    async_client: AsyncClient, settings: Settings, mocker: MockerFixture
) -> None:
    settings.MIDDLEWARE = [TIMING]
    mocker.patch("myproject.middleware.perf_counter", side_effect=[100.0, 100.25])

    response = await async_client.get("/hello/")

    assert response.headers["X-Request-Duration"] == "0.250000"


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    "middleware",
    [[TIMING], [SYNC, TIMING], [TIMING, SYNC], [SYNC, TIMING, SYNC], [TIMING, TIMING]],
    ids=["alone", "behind sync", "before sync", "between sync", "behind itself"],
)
async def test_timing_works_anywhere_in_the_stack(
    async_client: AsyncClient, settings: Settings, middleware: list[str]
) -> None:
    settings.MIDDLEWARE = middleware

    response = await async_client.get("/hello/")

    assert response.content == b"hello"
    assert "X-Request-Duration" in response.headers
    assert ("X-Sync" in response.headers) is (SYNC in middleware)


@pytest.mark.urls(__name__)
def test_timing_works_under_wsgi_too(client: Client, settings: Settings) -> None:
    settings.MIDDLEWARE = [SYNC, TIMING]

    response = client.get("/hello/")

    assert "X-Request-Duration" in response.headers


async def adapted_handlers(caplog: pytest.LogCaptureFixture, settings: Settings) -> list[str]:
    """Return what Django logs, in debug mode, when it bridges between sync and async."""
    settings.DEBUG = True
    with caplog.at_level(logging.DEBUG, "django.request"):
        await AsyncClient().get("/hello/")
    return [message for message in caplog.messages if "adapted" in message]


@pytest.mark.urls(__name__)
async def test_django_never_adapts_a_handler_in_the_projects_own_stack(
    caplog: pytest.LogCaptureFixture, settings: Settings
) -> None:
    assert await adapted_handlers(caplog, settings) == []


@pytest.mark.urls(__name__)
async def test_django_would_say_so_if_it_had_to_adapt_one(
    caplog: pytest.LogCaptureFixture, settings: Settings
) -> None:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, SYNC]

    assert await adapted_handlers(caplog, settings) != []


@pytest.mark.urls(__name__)
async def test_pages_forbid_whatever_is_inline_or_from_elsewhere(
    async_client: AsyncClient, settings: Settings
) -> None:
    settings.MIDDLEWARE = [POLICY]

    response = await async_client.get("/hello/")

    assert response.status_code == 200
    policy = response.headers["Content-Security-Policy"].split("; ")
    assert dict(directive.split(" ", 1) for directive in policy) == {
        "default-src": "'self'",
        "base-uri": "'none'",  # which default-src does not cover, like the next two
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("debug", "address", "status", "forbids"),
    [
        (True, "/hello/", 200, True),
        (True, "/page/nothing/", 404, False),
        (True, "/page/crash/", 500, False),
        (False, "/page/nothing/", 404, True),
        (False, "/page/crash/", 500, True),
    ],
)
async def test_only_djangos_own_pages_for_errors_may_be_inline_in_debug_mode(
    settings: Settings, debug: bool, address: str, status: int, forbids: bool
) -> None:
    settings.DEBUG = debug
    settings.MIDDLEWARE = [POLICY]

    response = await AsyncClient(raise_request_exception=False).get(address)

    assert response.status_code == status
    assert ("Content-Security-Policy" in response.headers) is forbids


@pytest.mark.parametrize("debug", [True, False])
async def test_an_unknown_route_under_api_is_json_also_in_debug_mode(
    async_client: AsyncClient, settings: Settings, debug: bool
) -> None:
    settings.DEBUG = debug

    response = await async_client.get("/api/nothing/here/")

    assert response.status_code == 404
    assert response.json() == {"detail": "There is nothing at /api/nothing/here/"}


@pytest.mark.urls(__name__)
async def test_a_stream_with_an_error_status_is_left_as_it_is(async_client: AsyncClient) -> None:
    response: Any = await async_client.get("/api/stream/")

    assert response.status_code == 503
    assert b"".join([part async for part in response]) == b"one, two"


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    "content_type",
    ["application/json", "application/json; charset=utf-8", "Application/Problem+JSON"],
)
async def test_an_error_that_is_json_already_is_left_as_it_is(
    async_client: AsyncClient, content_type: str
) -> None:
    response = await async_client.get("/api/problem/", query_params={"type": content_type})

    assert response.content == b'{"title": "a"}'
    assert response.headers["Content-Type"] == content_type


@pytest.mark.urls(__name__)
async def test_an_error_of_any_other_type_becomes_json(async_client: AsyncClient) -> None:
    response = await async_client.get("/api/problem/", query_params={"type": "text/json+x"})

    assert response.json() == {"detail": "Conflict"}


@pytest.mark.urls(__name__)
async def test_a_wrong_method_is_told_the_right_one(async_client: AsyncClient) -> None:
    response = await async_client.get("/api/not-allowed/")

    assert response.status_code == 405
    assert response.json() == {"detail": "GET is not allowed here; use POST."}


async def test_an_unknown_route_elsewhere_is_a_page(async_client: AsyncClient) -> None:
    response = await async_client.get("/nothing/here/")

    assert response.status_code == 404
    assert response.headers["Content-Type"].startswith("text/html")


async def test_a_foreign_host_is_refused_in_json(async_client: AsyncClient) -> None:
    response = await async_client.get("/api/users/", headers={"host": "evil.example"})

    assert response.status_code == 400
    assert response.json() == {"detail": "Bad Request"}


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("address", "content_type"),
    [("/api/crash/", "application/json"), ("/page/crash/", "text/html; charset=utf-8")],
    ids=["API", "page"],
)
async def test_a_crash_shows_no_traceback(address: str, content_type: str) -> None:
    client = AsyncClient(raise_request_exception=False)

    response = await client.get(address)

    assert response.status_code == 500
    assert response.headers["Content-Type"] == content_type
    assert b"a defect" not in response.content


async def test_the_length_of_a_replaced_body_is_right(async_client: AsyncClient) -> None:
    response = await async_client.get("/api/nothing/")

    assert response.headers["Content-Length"] == str(len(response.content))
