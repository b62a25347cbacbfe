"""Test views that refuse: 401, 403, 404, 409, and what is wrong with a form.

Use one test per refusal, on the status and the body, for that is what a client has to act on. A
form that looks up nothing in the database is validated in the loop; ``TitleForm`` is one. The trap
is to test only that it works, and find out in production that "full" is a 500.
"""

from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import Permission
from django.test import AsyncClient
from pytest_mock import MockerFixture

from talks.models import Talk
from talks.services import take_seat
from tests.factories import acreate_user

pytestmark = pytest.mark.django_db


@pytest.fixture
async def talk(db: None) -> Talk:
    return await Talk.objects.acreate(title="Loops", seats=1)


@pytest.fixture
async def editor(async_client: AsyncClient) -> AsyncClient:
    """A client in which somebody is logged in who may change talks."""
    person = await acreate_user()
    permission = await Permission.objects.aget(codename="change_talk")
    await sync_to_async(person.user_permissions.add)(permission)
    await async_client.aforce_login(person)
    return async_client


async def rename(client: AsyncClient, talk: Talk, **form: Any) -> Any:
    return await client.post(f"/api/talks/{talk.pk}/", form)


async def test_a_talk_is_shown(async_client: AsyncClient, talk: Talk) -> None:
    another = await Talk.objects.acreate(title="Threads", seats=7)

    response = await async_client.get(f"/api/talks/{another.pk}/")

    assert response.status_code == 200
    assert response.json() == {"title": "Threads", "version": 1, "seats_left": 7}


async def test_a_taken_seat_is_not_left(async_client: AsyncClient, talk: Talk) -> None:
    await take_seat(talk.pk, (await acreate_user()).pk)

    response = await async_client.get(f"/api/talks/{talk.pk}/")

    assert response.json()["seats_left"] == 0


async def test_an_unknown_talk_is_not_found(authenticated_async_client: AsyncClient) -> None:
    shown = await authenticated_async_client.get("/api/talks/0/")
    taken = await authenticated_async_client.post("/api/talks/0/seats/")

    assert (shown.status_code, taken.status_code) == (404, 404)
    assert shown.json() == taken.json() == {"detail": "There is no talk 0."}


async def test_a_seat_is_taken(
    authenticated_async_client: AsyncClient, user: Any, talk: Talk
) -> None:
    response = await authenticated_async_client.post(f"/api/talks/{talk.pk}/seats/")

    assert response.status_code == 201
    assert response.json() == {"seats_left": 0}
    assert await talk.taken.filter(person=user).aexists()


async def test_a_full_talk_is_a_conflict(
    authenticated_async_client: AsyncClient, talk: Talk
) -> None:
    await take_seat(talk.pk, (await acreate_user()).pk)

    response = await authenticated_async_client.post(f"/api/talks/{talk.pk}/seats/")

    assert response.status_code == 409
    assert response.json() == {"detail": "All seats are taken."}


async def test_a_seat_is_for_people_who_are_logged_in(
    async_client: AsyncClient, talk: Talk
) -> None:
    response = await async_client.post(f"/api/talks/{talk.pk}/seats/")

    assert response.status_code == 401
    assert response.json() == {"detail": "Log in first."}


async def test_a_title_is_changed(editor: AsyncClient, talk: Talk) -> None:
    response = await rename(editor, talk, title="Event loops", version=1)

    assert response.status_code == 200
    assert response.json() == {"version": 2}
    assert await Talk.objects.filter(title="Event loops", version=2).aexists()


async def test_a_title_that_others_have_changed_is_a_conflict(
    editor: AsyncClient, talk: Talk
) -> None:
    response = await rename(editor, talk, title="Event loops", version=0)

    assert response.status_code == 409
    assert response.json() == {"detail": "Somebody else has changed it meanwhile. Read it again."}


async def test_a_title_is_for_people_who_may(
    authenticated_async_client: AsyncClient, talk: Talk
) -> None:
    response = await rename(authenticated_async_client, talk, title="Event loops", version=1)

    assert response.status_code == 403
    assert response.json() == {"detail": "You may not change talks."}


@pytest.mark.parametrize("write", ["take_seat", "rename"])
async def test_a_defect_is_no_conflict(
    editor: AsyncClient, talk: Talk, mocker: MockerFixture, write: str
) -> None:
    mocker.patch(f"talks.views.{write}", side_effect=ZeroDivisionError)
    url = {"take_seat": f"/api/talks/{talk.pk}/seats/", "rename": f"/api/talks/{talk.pk}/"}

    with pytest.raises(ZeroDivisionError):
        await editor.post(url[write], {"title": "Event loops", "version": 1})


@pytest.mark.parametrize(
    ("form", "errors"),
    [
        ({"version": 1}, {"title": ["This field is required."]}),
        ({"title": "Loops", "version": "one"}, {"version": ["Enter a whole number."]}),
        (
            {"title": "L" * 201, "version": 1},
            {"title": ["Ensure this value has at most 200 characters (it has 201)."]},
        ),
    ],
    ids=["no title", "no number", "title too long"],
)
async def test_a_form_says_which_field_is_wrong(
    editor: AsyncClient, talk: Talk, form: Any, errors: Any
) -> None:
    response = await rename(editor, talk, **form)

    assert response.status_code == 400
    assert response.json() == {"errors": errors}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("delete", "/api/talks/1/"),
        ("get", "/api/talks/1/seats/"),
        ("post", "/api/talks/1/changes/"),
    ],
)
async def test_other_methods_are_refused(async_client: AsyncClient, method: str, path: str) -> None:
    response = await getattr(async_client, method)(path)

    assert response.status_code == 405
