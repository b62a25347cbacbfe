"""Test WebSockets in a real browser: two windows, and a server that is killed.

Use it for what only a browser has: the page's own script, its reconnection, what a person sees. The
trap is sleeping until something has happened; ``expect`` waits for it, and no longer.
"""

import asyncio
import signal
from itertools import count

import pytest
from playwright.async_api import Page, expect

from tests.live.browser.conftest import OpenPage, Server

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

expect.set_options(timeout=30_000)  # a server starts in that, also on a busy machine

rooms = count(1)


@pytest.fixture
def room() -> str:
    """Return the address of a room that nobody has been in."""
    return f"/chat/room-{next(rooms)}/"


async def enter(open_page: OpenPage, room: str, name: str) -> Page:
    """Open a window, and wait until its name is known."""
    page = await open_page(room)
    await page.get_by_label("Your name").fill(name)
    await page.get_by_label("Your name").press("Tab")
    await expect(page.locator("#people")).to_contain_text(f"{name} (you)")
    return page


async def say(page: Page, text: str) -> None:
    await page.get_by_label("Message", exact=True).fill(text)
    await page.get_by_role("button", name="Send").click()


async def test_two_windows_talk(open_page: OpenPage, room: str) -> None:
    ada = await enter(open_page, room, "Ada")
    grace = await enter(open_page, room, "Grace")

    await say(ada, "Hello!")

    await expect(ada.locator("#log .mine")).to_have_text("AdaHello!")
    await expect(grace.locator("#log .theirs")).to_have_text("AdaHello!")


async def test_a_message_is_text_whatever_it_looks_like(open_page: OpenPage, room: str) -> None:
    ada = await enter(open_page, room, "<b>Ada</b>")

    await say(ada, "<img src=x>")

    await expect(ada.locator("#log .mine")).to_have_text("<b>Ada</b><img src=x>")


async def test_who_comes_and_goes_is_seen(open_page: OpenPage, room: str) -> None:
    ada = await enter(open_page, room, "Ada")
    grace = await enter(open_page, room, "Grace")
    await expect(ada.get_by_role("listitem").get_by_text("Grace")).to_be_visible()
    await expect(grace.get_by_role("listitem").get_by_text("Ada")).to_be_visible()

    await grace.close()

    await expect(ada.locator("#people")).to_have_text("Ada (you)")


async def test_both_windows_recover_when_the_server_restarts(
    open_page: OpenPage, room: str, server: Server
) -> None:
    ada = await enter(open_page, room, "Ada")
    grace = await enter(open_page, room, "Grace")

    await asyncio.to_thread(server.stop)
    await expect(ada.get_by_role("status")).to_contain_text("Connection lost")
    await say(ada, "Is anybody there?")
    await ada.get_by_label("Message", exact=True).fill("half a sen")
    await expect(ada.locator("#log .waiting")).to_contain_text("Is anybody there?")
    await asyncio.to_thread(server.start)

    await expect(ada.get_by_role("status")).to_have_text("Connected")
    await expect(grace.locator("#log .theirs")).to_have_text("AdaIs anybody there?")
    await expect(ada.locator("#log .waiting")).to_have_count(0)
    await expect(ada.get_by_label("Message", exact=True)).to_have_value("half a sen")
    await expect(ada.locator("#people")).to_contain_text("Grace")


async def test_a_message_under_way_arrives_when_the_server_dies_before_it_answers(
    open_page: OpenPage, room: str, server: Server
) -> None:
    ada = await enter(open_page, room, "Ada")

    server.process.send_signal(signal.SIGSTOP)
    await say(ada, "Hello?")
    server.process.kill()
    await asyncio.to_thread(server.process.wait)
    await asyncio.to_thread(server.start)

    await expect(ada.locator("#log .mine")).to_have_text("AdaHello?")
    await expect(ada.locator("#log .waiting")).to_have_count(0)


async def test_nothing_is_lost_and_nothing_twice_when_the_server_is_killed(
    open_page: OpenPage, room: str, server: Server
) -> None:
    ada = await enter(open_page, room, "Ada")
    grace = await enter(open_page, room, "Grace")
    await say(ada, "one")
    await expect(grace.locator("#log .theirs")).to_have_count(1)

    server.process.send_signal(signal.SIGSTOP)
    for text in ("two", "three", "four"):
        await say(ada, text)
    await say(grace, "five")
    server.process.kill()
    await asyncio.to_thread(server.process.wait)
    await asyncio.to_thread(server.start)

    await expect(ada.locator("#log .waiting")).to_have_count(0)
    await expect(grace.locator("#log .waiting")).to_have_count(0)
    await expect(ada.locator("#log .theirs")).to_have_text("Gracefive")
    await expect(grace.locator("#log .theirs")).to_have_text(
        ["Adaone", "Adatwo", "Adathree", "Adafour"]
    )
    await expect(ada.locator("#log > div")).to_have_count(5)
    assert await said_in(ada) == await said_in(grace)


async def said_in(page: Page) -> list[str]:
    """Return what was said, in the order in which a window shows it."""
    return await page.locator("#log p").all_inner_texts()


async def test_who_comes_later_reads_what_was_said(open_page: OpenPage, room: str) -> None:
    ada = await enter(open_page, room, "Ada")
    await say(ada, "Hello!")
    await expect(ada.locator("#log .mine")).to_have_count(1)

    grace = await enter(open_page, room, "Grace")

    await expect(grace.locator("#log .theirs")).to_have_text("AdaHello!")


async def test_who_writes_fast_waits_and_loses_nothing(open_page: OpenPage, room: str) -> None:
    ada = await enter(open_page, room, "Ada")

    for number in range(25):
        await say(ada, str(number))

    await expect(ada.locator("#log .waiting")).to_have_count(0)
    assert await said_in(ada) == [str(number) for number in range(25)]


async def test_a_private_room_tells_a_stranger(
    open_page: OpenPage, room: str, server: Server
) -> None:
    code = "from chat.models import Room; Room.objects.create(name='board', is_private=True)"
    await asyncio.to_thread(server.manage, "shell", "-c", code)

    page = await open_page("/chat/board/")

    await expect(page.get_by_role("status")).to_contain_text("This room is private")


async def test_a_bad_name_is_told_at_the_name(open_page: OpenPage, room: str) -> None:
    ada = await enter(open_page, room, "Ada")

    await ada.get_by_label("Your name").fill("x" * 41)
    await ada.get_by_label("Your name").press("Tab")

    await expect(ada.locator("#name-error")).to_contain_text("longer than 40 characters")
    await expect(ada.locator("#message-error")).to_be_empty()


async def test_a_bad_message_is_told_at_the_message_and_kept(
    open_page: OpenPage, room: str
) -> None:
    ada = await enter(open_page, room, "Ada")

    await say(ada, "x" * 2001)

    await expect(ada.locator("#message-error")).to_contain_text("longer than 2000 characters")
    await expect(ada.get_by_label("Message", exact=True)).to_have_value("x" * 2001)
    await expect(ada.locator("#name-error")).to_be_empty()
