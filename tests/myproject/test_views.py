"""Test a page.

Use ``AsyncClient`` and look at what the visitor sees. The trap is rendering in the coroutine: a
template is a file, and one that reaches the ORM raises ``SynchronousOnlyOperation``; so the view
renders in a thread.
"""

from django.test import AsyncClient


async def test_the_home_page_leads_to_everything_else(async_client: AsyncClient) -> None:
    response = await async_client.get("/")

    assert response.status_code == 200
    assert "/api/users/" in response.content.decode()
