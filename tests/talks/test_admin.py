"""Test an admin page from a coroutine.

The admin site is sync; ``AsyncClient`` calls it like any view, through a thread. The trap is a
field that code counts up and a form would set back: look that the page does not offer it.
"""

import pytest
from django.test import AsyncClient

from talks.models import Talk
from tests.factories import acreate_user

pytestmark = pytest.mark.django_db


@pytest.fixture
async def admin(async_client: AsyncClient) -> AsyncClient:
    """A client in which somebody is logged in who may do everything."""
    await async_client.aforce_login(await acreate_user(is_staff=True, is_superuser=True))
    return async_client


async def test_talks_are_listed(admin: AsyncClient) -> None:
    await Talk.objects.acreate(title="Loops", seats=42)

    page = await admin.get("/admin/talks/talk/")

    assert b'<td class="field-seats">42</td>' in page.content
    assert b'<th class="field-title">' in page.content


async def test_a_talk_is_changed_but_not_its_version(admin: AsyncClient) -> None:
    talk = await Talk.objects.acreate(title="Loops", seats=42)
    url = f"/admin/talks/talk/{talk.pk}/change/"

    page = await admin.get(url)
    await admin.post(url, {"title": "Event loops", "seats": 43, "version": 7})

    assert b'name="version"' not in page.content
    await talk.arefresh_from_db()
    assert (talk.title, talk.seats, talk.version) == ("Event loops", 43, 1)
