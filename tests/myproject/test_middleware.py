"""Test async middleware.

Use ``AsyncClient`` for what a client sees, and a clock that the test controls for durations. The
trap is a class with ``async def __call__`` that is not marked as a coroutine function: alone it
works, but behind another middleware the request dies. So test it between sync ones, too.
"""

import logging
from collections.abc import Callable

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import AsyncClient, Client
from django.urls import path
from pytest_django import Settings
from pytest_mock import MockerFixture

TIMING = "myproject.middleware.AsyncTimingMiddleware"
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


urlpatterns = [path("hello/", hello), path("api/crash/", crash), path("page/crash/", crash)]


@pytest.mark.django_db
async def test_every_response_says_how_long_it_took(async_client: AsyncClient) -> None:
    response = await async_client.get("/api/users/")

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


async def test_pages_forbid_whatever_is_inline_or_from_elsewhere(
    async_client: AsyncClient,
) -> None:
    response = await async_client.get("/admin/login/")

    assert response.status_code == 200
    assert response.headers["Content-Security-Policy"].startswith("default-src 'self';")


@pytest.mark.urls(__name__)
async def test_djangos_own_pages_for_errors_keep_their_inline_styles_in_debug_mode(
    settings: Settings,
) -> None:
    settings.DEBUG = True

    response = await AsyncClient(raise_request_exception=False).get("/page/crash/")

    assert response.status_code == 500
    assert "Content-Security-Policy" not in response.headers


@pytest.mark.parametrize("debug", [True, False])
async def test_an_unknown_route_under_api_is_json_also_in_debug_mode(
    async_client: AsyncClient, settings: Settings, debug: bool
) -> None:
    settings.DEBUG = debug

    response = await async_client.get("/api/nothing/here/")

    assert response.status_code == 404
    assert response.json() == {"detail": "There is nothing at /api/nothing/here/"}


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
