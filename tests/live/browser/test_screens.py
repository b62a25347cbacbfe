"""Keep screenshots of every size, and see that pages fit.

Use it for the pictures in a README, made anew by each run, and for the one thing about them that
can be asserted: nothing is wider than the screen. The trap is comparing pixels: fonts differ
between machines, so such a test fails for everybody but its author.
Code: myproject/static/myproject/site.css, myproject/catalogue/static/catalogue/catalogue.css,
    chat/static/chat/chat.css
"""

import os
from typing import Any

import pytest
from playwright.async_api import Page, Route, expect

from tests.live.browser.conftest import ROOT, OpenPage

pytestmark = pytest.mark.browser

# Those that the README shows are renewed with SCREENSHOTS=docs.
SCREENSHOTS = ROOT / os.environ.get("SCREENSHOTS", "artefacts")
DESKTOP = {"viewport": {"width": 1280, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "device_scale_factor": 2}


async def fix_duration(route: Route) -> None:
    """Answer the script's HEAD request: the true duration would differ in every picture."""
    if route.request.method == "HEAD":
        await route.fulfill(headers={"X-Request-Duration": "0.0204"})
    else:
        await route.continue_()


async def say(page: Page, name: str, text: str) -> None:
    await page.get_by_label("Your name").fill(name)
    await page.get_by_label("Message", exact=True).fill(text)
    await page.get_by_role("button", name="Send").click()
    await expect(page.locator("#log .waiting")).to_have_count(0)


async def shows_all_of_its_width(page: Page, name: str) -> bool:
    """Keep a screenshot, and tell whether nothing is wider than the screen."""
    await page.screenshot(path=SCREENSHOTS / f"{name}.png")
    return bool(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.parametrize(
    ("name", "address", "screen"),
    [
        ("home", "/", DESKTOP),
        ("home-dark", "/", {**DESKTOP, "color_scheme": "dark"}),
        ("home-phone", "/", PHONE),
        ("search", "/?q=SynchronousOnlyOperation", DESKTOP),
        ("pattern", "/patterns/chat-logged-in-sockets/", DESKTOP),
        ("pattern-phone", "/patterns/chat-logged-in-sockets/", PHONE),
        ("cure", "/patterns/troubleshooting-lazy-relation/", DESKTOP),
    ],
)
async def test_a_page_fits_the_screen(
    open_page: OpenPage, name: str, address: str, screen: dict[str, Any]
) -> None:
    page = await open_page("about:blank", **screen)
    await page.route("**/*", fix_duration)
    await page.goto(address, wait_until="networkidle")

    assert await shows_all_of_its_width(page, name)


@pytest.mark.parametrize(
    ("name", "room", "screen"), [("chat", "lobby", DESKTOP), ("chat-phone", "library", PHONE)]
)
async def test_the_chat_fits_the_screen(
    open_page: OpenPage, name: str, room: str, screen: dict[str, Any]
) -> None:
    ada = await open_page(f"/chat/{room}/", **screen)
    grace = await open_page(f"/chat/{room}/")

    await say(ada, "Ada", "How do I test a WebSocket with a logged-in user?")
    await say(grace, "Grace", "Log in with AsyncClient, and send its cookies with the handshake.")
    await say(ada, "Ada", "Then its user comes from the session, as in production!")

    await expect(ada.locator("#people")).to_contain_text("Grace")
    assert await shows_all_of_its_width(ada, name)
