"""Test a management command whose work is async.

Call it in a thread, ``asyncio.to_thread(call_command, …)``: it runs an event loop of its own, and
where one runs already it cannot. The trap is ``async def handle``, whose coroutine Django takes for
the command's output.
"""

import asyncio
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from external.api import external_api
from external.management.commands.ask_apis import Command
from tests.plugins.outside_api import OutsideApi


@pytest.fixture
def output() -> StringIO:
    return StringIO()


async def test_each_api_has_its_line(
    outside_api: OutsideApi, settings: Settings, output: StringIO
) -> None:
    url = settings.EXTERNAL_API_URL
    settings.EXTERNAL_API_URLS = {"weather": url, "news": url}

    await asyncio.to_thread(call_command, "ask_apis", stdout=output)

    assert output.getvalue() == "weather: ok\nnews: ok\n"


async def test_an_api_without_an_answer_fails_the_command(
    outside_api: OutsideApi, settings: Settings, output: StringIO
) -> None:
    settings.EXTERNAL_API_URLS = {
        "weather": settings.EXTERNAL_API_URL,
        "news": "nowhere",
        "traffic": "nowhere",
    }

    with pytest.raises(CommandError, match=r"^No answer from news, traffic\.$"):
        await asyncio.to_thread(call_command, "ask_apis", stdout=output)

    assert "weather: ok\nnews: The outside API could not be reached.\n" in output.getvalue()


def test_its_help_says_what_it_does() -> None:
    parser = Command().create_parser("manage.py", "ask_apis")

    words = "Ask the APIs of EXTERNAL_API_URLS, and fail if one gives no answer."
    assert parser.description == words


async def test_no_connection_outlives_the_command(
    outside_api: OutsideApi, settings: Settings, output: StringIO
) -> None:
    settings.EXTERNAL_API_URLS = {"weather": settings.EXTERNAL_API_URL}

    await asyncio.to_thread(call_command, "ask_apis", stdout=output)

    assert external_api.clients.by_loop == {}
