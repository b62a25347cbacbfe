"""Test search, copy and everything else that needs a browser.

Use roles and labels to find things, as people do, and read the clipboard itself. The trap is a test
of the script's functions: it passes on a page whose Content-Security-Policy forbids the script.
Code: myproject/views.py, myproject/catalogue/static/catalogue/catalogue.js
"""

import pytest
from playwright.async_api import expect

from tests.live.browser.conftest import ROOT, OpenPage

pytestmark = pytest.mark.browser

CLIPBOARD = ["clipboard-read", "clipboard-write"]
TEST = "tests/chat/test_logged_in_sockets.py"
TEXT = (ROOT / TEST).read_text()
TRACEBACK = """\
  File "/srv/shop/views.py", line 31, in order_detail
    return JsonResponse({"customer": order.customer.name})
  File "/srv/.venv/site-packages/django/db/models/fields/related_descriptors.py", line 251
django.core.exceptions.SynchronousOnlyOperation: You cannot call this from an async context"""


async def test_what_is_typed_is_searched(open_page: OpenPage) -> None:
    page = await open_page("/")

    await page.get_by_label("Search the patterns").fill("websocket logged-in user")

    await expect(page.locator("#found li").first).to_contain_text("WebSocket with a logged-in user")
    await expect(page.get_by_role("heading", name="I want to test")).to_be_hidden()


async def test_a_pasted_traceback_keeps_its_lines_and_finds_its_page(open_page: OpenPage) -> None:
    page = await open_page("/", permissions=CLIPBOARD)
    await page.evaluate("text => navigator.clipboard.writeText(text)", TRACEBACK)

    await page.get_by_label("Search the patterns").press("ControlOrMeta+v")

    await expect(page.get_by_label("Search the patterns")).to_have_value(TRACEBACK)
    await expect(page.get_by_role("heading", name="causes: which is yours?")).to_be_visible()
    await expect(page.locator("#found li").first).to_contain_text("A lazy foreign key")


async def test_of_a_long_log_the_end_is_searched(open_page: OpenPage) -> None:
    page = await open_page("/", permissions=CLIPBOARD)
    log = "INFO all is well\n" * 2_000 + TRACEBACK
    await page.evaluate("text => navigator.clipboard.writeText(text)", log)

    await page.get_by_label("Search the patterns").press("ControlOrMeta+v")

    await expect(page.get_by_role("heading", name="causes: which is yours?")).to_be_visible()


async def test_a_search_that_finds_nothing_shows_everything(open_page: OpenPage) -> None:
    page = await open_page("/")

    await page.get_by_label("Search the patterns").fill("12")

    await expect(page.get_by_text("No pattern has any of these words")).to_be_visible()
    await expect(page.get_by_role("heading", name="Troubleshooting")).to_be_visible()


async def test_without_javascript_the_button_searches(open_page: OpenPage) -> None:
    page = await open_page("/", java_script_enabled=False)

    await page.get_by_label("Search the patterns").fill("websocket logged-in user")
    await page.get_by_role("button", name="Search").click()

    await expect(page.locator("#found li").first).to_contain_text("WebSocket with a logged-in user")


async def test_a_pattern_is_found_and_its_file_copied(open_page: OpenPage) -> None:
    page = await open_page("/", permissions=CLIPBOARD)

    await page.get_by_label("Search the patterns").fill("websocket logged-in user")
    await page.get_by_role("link", name="Test a WebSocket with a logged-in user").click()
    await page.locator("summary", has_text=TEST).click()
    await page.get_by_role("button", name="Copy the file").last.click()

    await expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert await page.evaluate("navigator.clipboard.readText()") == TEXT


async def test_one_test_is_copied_with_what_it_needs_and_no_more(open_page: OpenPage) -> None:
    page = await open_page("/patterns/users-views/", permissions=CLIPBOARD)

    await page.get_by_role("button", name="Copy this test").first.click()

    await expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = await page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("import pytest\n")
    assert copied.count("async def test_") == 1


@pytest.mark.parametrize("slug", ["users-views", "chat-logged-in-sockets", "plugins-async-db"])
async def test_no_code_is_cut_off_on_a_desktop(open_page: OpenPage, slug: str) -> None:
    page = await open_page(f"/patterns/{slug}/", viewport={"width": 1280, "height": 900})

    open_all = "details => details.forEach(one => (one.open = true))"
    await page.locator("details").evaluate_all(open_all)

    cut_off = "all => all.filter(pre => pre.scrollWidth > pre.clientWidth).map(pre => pre.id)"
    assert await page.locator("pre").evaluate_all(cut_off) == []


async def test_wrong_and_right_stand_side_by_side(open_page: OpenPage) -> None:
    page = await open_page(
        "/patterns/troubleshooting-force-login/", viewport={"width": 1280, "height": 900}
    )

    wrong = await page.locator(".wrong").bounding_box()
    right = await page.locator(".right").bounding_box()

    assert wrong is not None
    assert right is not None
    assert wrong["y"] == right["y"]
    assert wrong["x"] + wrong["width"] <= right["x"]


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
