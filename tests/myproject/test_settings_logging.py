"""Test what the settings let into the log, and in which form.

Write to a logger, and read what the settings' own handler made of it. The trap is pytest's
``caplog``: it has a handler of its own, and sees a record whatever ``LOGGING`` says.
Code: myproject/settings.py
"""

import contextvars
import io
import logging
from collections.abc import Iterator
from logging.config import dictConfig
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import AsyncClient
from pytest_django import Settings


@pytest.fixture
def console() -> Iterator[io.StringIO]:
    """What the project's settings have written to standard error."""
    text = io.StringIO()
    handler: Any = next(h for h in logging.getLogger().handlers if h.name == "console")
    stderr = handler.setStream(text)
    yield text
    handler.setStream(stderr)


def say(logger: str, level: int, text: str = "said", **options: Any) -> None:
    """Write to a log outside of any request."""
    contextvars.Context().run(logging.getLogger(logger).log, level, text, **options)


async def test_the_log_puts_the_requests_id_into_djangos_own_line_too(
    async_client: AsyncClient, console: io.StringIO
) -> None:
    response = await async_client.get("/nothing/")

    assert console.getvalue() == f"[{response.headers['X-Request-ID']}] Not Found: /nothing/\n"


def test_the_log_marks_a_line_that_belongs_to_no_request(console: io.StringIO) -> None:
    say(__name__, logging.WARNING)

    assert console.getvalue() == "[-] said\n"


@pytest.mark.parametrize("logger", ["django.server", "myproject.lifespan"])
def test_the_log_tells_what_the_server_does(console: io.StringIO, logger: str) -> None:
    say(logger, logging.INFO)

    assert console.getvalue() == "[-] said\n"


@pytest.mark.parametrize("level_before", [logging.WARNING, logging.INFO], ids=["python", "daphne"])
def test_the_log_leaves_out_what_other_libraries_do_whatever_the_server_began_with(
    console: io.StringIO, settings: Settings, caplog: pytest.LogCaptureFixture, level_before: int
) -> None:
    caplog.set_level(level_before)
    dictConfig({**settings.LOGGING, "incremental": True})  # the levels only

    say("httpcore2", logging.INFO)

    assert console.getvalue() == ""


@pytest.mark.django_db
def test_the_log_leaves_out_queries_in_development_too(
    console: io.StringIO, settings: Settings
) -> None:
    settings.DEBUG = True  # without it Django logs no query at all

    connection.cursor().execute("SELECT 1")

    assert console.getvalue() == ""


def test_a_line_of_djangos_is_written_once_in_development_too() -> None:
    assert logging.getLogger("django").handlers == []


def test_a_library_that_was_imported_before_the_settings_still_speaks(console: io.StringIO) -> None:
    say("asyncio", logging.ERROR)

    assert console.getvalue() == "[-] said\n"


def test_an_outage_of_the_database_has_no_traceback_beside_its_own_line(
    console: io.StringIO,
) -> None:
    say("django.request", logging.ERROR, "Internal", exc_info=OperationalError("refused"))

    assert console.getvalue() == ""


def test_of_an_outage_of_redis_the_log_has_the_cause_and_no_traceback(console: io.StringIO) -> None:
    say("channels_redis.pubsub", logging.ERROR, "Lost", exc_info=ConnectionError("refused"))

    assert console.getvalue() == "[-] Lost: ConnectionError: refused\n"
