"""Test order and delivery across processes, in one process.

Two ``LocalRoom`` objects of one name are what two processes have: each its own subscription, and
nothing in common but the database and the layer. So what overtakes, gets lost or fails can be
staged exactly. The trap is two real servers as the only test, in which it happens once in a week.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from unittest.mock import AsyncMock

import pytest
from pytest_django import Settings
from pytest_mock import MockerFixture

from chat.history import Frame, store
from chat.hub import LocalRoom
from chat.outbox import Outbox

pytestmark = pytest.mark.django_db


class Window(Outbox):
    """Somebody's socket; a test reads what waits in its outbox."""

    def __init__(self) -> None:
        super().__init__(AsyncMock())

    async def text(self) -> str:
        item = await self.queue.get()
        return item[1] if item else ""

    async def reads(self) -> str:
        """Return the next message, without the id that it is numbered by."""
        frame = json.loads(await self.text())
        return f"{frame['id']} {frame['message']}"


async def say(text: str) -> Frame:
    """Store a message, and tell nobody."""
    frame: Frame = await store("lobby", text, key=text)
    return frame


@pytest.fixture(autouse=True)
def _no_beat_helps(settings: Settings) -> None:
    """Let an hour pass between two beats, which would make up for a message that was lost."""
    settings.CHAT_BEAT = 3600


@pytest.fixture
async def here() -> AsyncIterator[tuple[LocalRoom, Window]]:
    """The room in this process, and somebody in it."""
    room, window = LocalRoom("lobby"), Window()
    await room.join(window)
    yield room, window
    await room.leave(window)


@pytest.fixture
async def there() -> AsyncIterator[tuple[LocalRoom, Window]]:
    """The room in another process, and somebody in it."""
    room, window = LocalRoom("lobby"), Window()
    await room.join(window)
    yield room, window
    await room.leave(window)


Joined = tuple[LocalRoom, Window]


async def test_a_message_reaches_those_here_and_there(here: Joined, there: Joined) -> None:
    await here[0].publish(await say("Hello!"))

    assert await here[1].reads() == "1 Hello!"
    assert await there[1].reads() == "1 Hello!"


async def test_it_is_encoded_once_for_everybody(here: Joined) -> None:
    room, ada = here
    grace = Window()
    await room.join(grace)

    await room.publish(await say("Hello!"))

    assert await ada.text() is await grace.text()
    await room.leave(grace)


async def test_a_message_that_overtakes_another_comes_after_it(here: Joined, there: Joined) -> None:
    first, second = await say("first"), await say("second")

    await there[0].publish(second)
    await there[0].publish(first)

    assert [await here[1].reads(), await here[1].reads()] == ["1 first", "2 second"]
    assert [await there[1].reads(), await there[1].reads()] == ["1 first", "2 second"]


async def test_those_who_speak_at_once_are_heard_in_one_order(here: Joined, there: Joined) -> None:
    async def speak(room: LocalRoom, text: str) -> None:
        await room.publish(await say(text))

    await asyncio.gather(*(speak(room, text) for room in (here[0], there[0]) for text in "abcd"))

    heard_here = [await here[1].reads() for _ in range(4)]
    assert heard_here == [await there[1].reads() for _ in range(4)]


async def test_what_is_published_twice_is_heard_once(here: Joined) -> None:
    room, window = here
    frame = await say("once")

    await room.publish(frame)
    await room.publish(frame)
    await room.publish(await say("then"))

    assert [await window.reads(), await window.reads()] == ["1 once", "2 then"]


async def test_what_overtakes_while_others_are_read_is_heard_once_and_in_order(
    here: Joined,
) -> None:
    room, window = here
    first, second, third = await say("first"), await say("second"), await say("third")

    await asyncio.gather(*(room.deliver(frame) for frame in (second, third, first)))

    heard = [await window.reads() for _ in range(3)]
    assert heard == ["1 first", "2 second", "3 third"]
    assert window.queue.empty()


async def test_what_comes_in_its_turn_is_not_read_again(
    here: Joined, mocker: MockerFixture
) -> None:
    read = mocker.patch("chat.hub.messages")

    await here[0].deliver(await say("Hello!"))

    assert await here[1].reads() == "1 Hello!"
    read.assert_not_called()


async def test_what_the_layer_lost_comes_with_the_next_beat(here: Joined, there: Joined) -> None:
    await there[0].publish(await say("heard"))
    await there[0].deliver(await say("lost on the way"))

    await there[0].presence.tell()

    assert [await here[1].reads(), await here[1].reads()] == ["1 heard", "2 lost on the way"]


async def test_what_a_process_told_nobody_before_it_fell_silent_is_read(
    here: Joined, settings: Settings
) -> None:
    settings.CHAT_BEAT = 0.01
    room, window = here
    await say("last words")
    room.presence.hear({"process": "there", "people": {}})  # and wakes the beat
    room.presence.roster.heard["there"] -= room.presence.roster.patience

    assert await window.reads() == "1 last words"


async def test_a_process_hears_itself(here: Joined, there: Joined) -> None:
    here[0].presence.echo = 0.0
    await here[0].presence.tell()

    there[0].presence.enter("1", "Ada")
    await here[1].text()  # which came after it

    assert here[0].presence.echo > 0


async def test_who_comes_is_told_nothing_old(here: Joined) -> None:
    await here[0].publish(await say("old"))
    late, window = LocalRoom("lobby"), Window()
    await late.join(window)

    await late.publish(await say("new"))

    assert await window.reads() == "2 new"
    await late.leave(window)


async def test_who_is_named_there_is_seen_here(here: Joined, there: Joined) -> None:
    there[0].presence.enter("1", "Ada")

    assert json.loads(await here[1].text()) == {"here": {"1": "Ada"}, "left": []}


async def test_who_is_here_is_shown_to_everybody_whatever_they_have_read(here: Joined) -> None:
    here[0].presence.enter("1", "Ada")

    without_number = 0
    frame = json.dumps({"here": {"1": "Ada"}, "left": []})
    assert here[1].queue.get_nowait() == (without_number, frame)


async def test_those_there_are_gone_when_the_last_socket_there_is(here: Joined) -> None:
    there, window = LocalRoom("lobby"), Window()
    await there.join(window)
    there.presence.enter("1", "Ada")
    await here[1].text()
    there.presence.leave("1")

    await there.leave(window)

    assert json.loads(await here[1].text()) == {"here": {}, "left": ["1"]}
