"""Test coming back: what was missed, once, and in order with what is said meanwhile.

Say which ``id`` was the last one seen, in the address of the socket. The trap is the moment between
reading what is stored and hearing what is new: join first, then read, and leave out what is known.
Code: chat/room_consumer.py
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from channels.testing import WebsocketCommunicator
from pytest_mock import MockerFixture

from chat.history import Frame, messages, store
from chat.hub import local_room
from tests.plugins.sockets import socket_to

pytestmark = pytest.mark.django_db


@asynccontextmanager
async def socket(query: str = "") -> AsyncIterator[tuple[WebsocketCommunicator, dict[str, Any]]]:
    """Open a socket to the lobby; yield it and its first frame."""
    socket = socket_to(f"/ws/rooms/lobby/{query}")
    await socket.connect(timeout=5)
    yield socket, await socket.receive_json_from(timeout=5)
    await socket.disconnect()


@pytest.fixture(autouse=True)
async def said() -> list[Frame]:
    """Three messages that were said."""
    return [await store("lobby", text, key=text) for text in ("one", "two", "three")]


async def test_who_comes_reads_what_was_said(said: list[Frame]) -> None:
    async with socket() as (_, welcome):
        assert welcome["history"] == said
        assert welcome["skipped"] == 0


async def test_of_much_that_was_said_who_comes_reads_the_newest(
    said: list[Frame], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chat.room_consumer.HISTORY", 2)

    async with socket() as (_, welcome):
        assert welcome["history"] == said[1:]
        assert welcome["skipped"] == 0


async def test_who_comes_back_reads_what_they_missed(said: list[Frame]) -> None:
    async with socket("?after=2") as (_, welcome):
        assert welcome["history"] == said[2:]
        assert welcome["skipped"] == 0


async def test_of_too_much_that_was_missed_they_are_told_how_much_is_left_out(
    said: list[Frame], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chat.room_consumer.MISSED", 1)

    async with socket("?after=1") as (_, welcome):
        assert welcome["history"] == said[2:]
        assert welcome["skipped"] == 1


async def test_who_missed_nothing_reads_nothing_again() -> None:
    async with socket("?after=3") as (_, welcome):
        assert welcome["history"] == []


@pytest.mark.parametrize("after", ["x", "-1", "", "9" * 16, "%FF", "²"])
async def test_an_id_that_is_none_counts_as_new(said: list[Frame], after: str) -> None:
    async with socket(f"?after={after}") as (_, welcome):
        assert welcome["history"] == said


async def test_what_is_said_while_the_history_is_read_comes_once_and_after_it(
    said: list[Frame], mocker: MockerFixture
) -> None:
    async def read_while_people_talk(*args: Any, **options: Any) -> list[Frame]:
        await local_room("lobby").publish(await store("lobby", "four", key="four"))
        history = await messages(*args, **options)
        await local_room("lobby").publish(await store("lobby", "five", key="five"))
        return list(history)

    mocker.patch("chat.room_consumer.messages", read_while_people_talk)

    async with socket() as (ada, welcome):
        assert [frame["message"] for frame in welcome["history"]] == ["one", "two", "three", "four"]
        assert (await ada.receive_json_from())["message"] == "five"


async def test_a_client_that_has_seen_more_than_its_server_is_not_told_again(
    said: list[Frame],
) -> None:
    async with socket("?after=4") as (ada, _):
        await local_room("lobby").publish(await store("lobby", "four", key="four"))
        await local_room("lobby").publish(await store("lobby", "five", key="five"))

        assert (await ada.receive_json_from())["message"] == "five"
