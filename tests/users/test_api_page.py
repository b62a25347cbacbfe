"""Test a page that a library brings: where its script comes from, and under which policy.

Whether it then draws anything shows in a browser only (tests/live/browser/test_api_page.py). What
can be seen here is that nothing has to be inline but styles.
"""

from django.test import AsyncClient

from myproject.middleware import CONTENT_SECURITY_POLICY


async def test_the_page_asks_for_its_script(async_client: AsyncClient) -> None:
    page = await async_client.get("/api/v1/docs/")
    script = await async_client.get("/api/v1/docs/?script=")

    assert "<script>" not in page.content.decode()
    assert '<script src="/api/v1/docs/?script="></script>' in page.content.decode()
    assert 'url: "/api/v1/schema/"' in script.content.decode()


async def test_only_styles_may_be_inline(async_client: AsyncClient) -> None:
    page = await async_client.get("/api/v1/docs/")

    policy = page["Content-Security-Policy"]
    assert policy.startswith(CONTENT_SECURITY_POLICY)
    assert "style-src 'self' 'unsafe-inline'" in policy
    assert "script-src" not in policy  # so it is 'self', as for everything else
