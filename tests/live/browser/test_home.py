"""Test search, copy and everything else that needs a browser.

Use roles and labels to find things, as people do, and read the clipboard itself. The trap is a test
of the script's functions: it passes on a page whose Content-Security-Policy forbids the script.
Code: myproject/views.py, myproject/static/myproject/site.js
"""

import pytest
from playwright.async_api import expect

from tests.live.browser.conftest import ROOT, OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.timeout(60)]

CLIPBOARD = ["clipboard-read", "clipboard-write"]
TEST = "tests/chat/test_logged_in_sockets.py"
TEXT = (ROOT / TEST).read_text()


async def test_what_is_typed_is_searched(open_page: OpenPage) -> None:
    page = await open_page("/")

    await page.get_by_role("searchbox").fill("websocket logged-in user")

    await expect(page.get_by_role("link", name="WebSocket with a logged-in user")).to_be_visible()
    await expect(page.get_by_role("link", name="Test an async view")).to_have_count(0)


async def test_a_search_that_finds_nothing_says_so(open_page: OpenPage) -> None:
    page = await open_page("/")

    await page.get_by_role("searchbox").fill("zebra")

    await expect(page.get_by_text("No pattern has all of these words")).to_be_visible()


async def test_without_javascript_the_button_searches(open_page: OpenPage) -> None:
    page = await open_page("/", java_script_enabled=False)

    await page.get_by_role("searchbox").fill("websocket logged-in user")
    await page.get_by_role("button", name="Search").click()

    await expect(page.get_by_role("link", name="WebSocket with a logged-in user")).to_be_visible()
    await expect(page.get_by_role("link", name="Test an async view")).to_have_count(0)


async def test_a_pattern_is_found_and_copied(open_page: OpenPage) -> None:
    page = await open_page("/", permissions=CLIPBOARD)

    await page.get_by_role("searchbox").fill("websocket logged-in user")
    await page.get_by_role("link", name="Test a WebSocket with a logged-in user").click()
    await page.get_by_role("figure", name=TEST).get_by_role("button", name="Copy").click()

    await expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert await page.evaluate("navigator.clipboard.readText()") == TEXT


async def test_the_page_says_how_long_it_took(open_page: OpenPage) -> None:
    page = await open_page("/")

    await expect(page.locator("#duration")).to_contain_text("ms to make this page")


@pytest.mark.parametrize(
    "address", ["/", "/patterns/users-views/", "/chat/lobby/", "/admin/login/"]
)
async def test_the_security_policy_has_nothing_to_refuse(open_page: OpenPage, address: str) -> None:
    page = await open_page("about:blank")
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))

    await page.goto(address, wait_until="networkidle")

    assert "Content Security Policy" not in "\n".join(complaints)
