"""Test a page that a library brings, under this project's content security policy.

Its scripts and styles meet the policy in a browser only: listen for what the browser's console
says, and look for what the script has drawn. The trap is a page that is served and stays white.
Code: users/api_page.py
"""

import pytest
from playwright.async_api import expect

from tests.live.browser.conftest import OpenPage

pytestmark = pytest.mark.browser


async def test_it_lists_the_operations_and_tries_one(open_page: OpenPage) -> None:
    complaints: list[str] = []
    page = await open_page("/login/")
    page.on("console", lambda message: complaints.append(message.text))

    await page.goto("/api/v1/docs/")
    operation = page.locator("#operations-users-users_list")
    await expect(operation).to_be_visible()
    assert complaints == []

    await operation.get_by_text("/api/v1/users/").click()
    await operation.get_by_role("button", name="Try it out").click()
    await operation.get_by_role("button", name="Execute").click()

    answer = operation.locator(".live-responses-table")
    await expect(answer).to_contain_text("Authentication credentials were not provided.")
