"""Check pages for accessibility, in light and in dark.

Use axe in a real browser: contrast depends on what is drawn, and names on what scripts have done.
The trap is checking one colour scheme only; the other has other contrasts. What axe cannot judge
(sense, order, wording) remains to be looked at.
Code: myproject/static/myproject/site.css, myproject/catalogue/static/catalogue/catalogue.css,
    chat/static/chat/chat.css
"""

import pytest
from axe_playwright_python.async_playwright import Axe

from tests.live.browser.conftest import OpenPage

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/?q=12",
        "/?q=SynchronousOnlyOperation",
        "/patterns/users-views/",
        "/patterns/troubleshooting-lazy-relation/",
        "/chat/lobby/",
        "/login/",
        "/nothing/",
    ],
)
async def test_a_page_has_no_violation(
    open_page: OpenPage, address: str, color_scheme: str
) -> None:
    page = await open_page(address, color_scheme=color_scheme)

    results = await Axe().run(page)

    assert results.response["violations"] == []
