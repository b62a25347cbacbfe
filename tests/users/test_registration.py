"""Test registering: all of it or nothing, and an e-mail once it is committed.

Use ``run_on_commit`` where the effect of the commit is the subject: a test that rolls back never
commits, so its ``on_commit`` hooks do not run, and an e-mail that is never sent looks the same as
one that is not sent on purpose. The trap in the code is mailing inside the transaction: whoever is
rolled back is welcomed, too.
"""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core import mail
from django.test import AsyncClient
from pytest_mock import MockerFixture

from tests.factories import acreate_user

pytestmark = pytest.mark.django_db

User: Any = get_user_model()
PASSWORD = " a long sentence to remember, and the space around it "


async def register(client: AsyncClient, **fields: str) -> Any:
    names = [User.USERNAME_FIELD, User.get_email_field_name()]
    body = {**dict.fromkeys(names, "ada@example.com"), "password": PASSWORD, **fields}
    return await client.post("/api/register/", body, content_type="application/json")


async def test_who_registers_can_log_in_and_is_a_member(async_client: AsyncClient) -> None:
    response = await register(async_client)

    ada = await User.objects.aget(groups__name="members")
    assert (response.status_code, response.json()) == (201, {"id": ada.pk})
    assert await async_client.alogin(username=ada.get_username(), password=PASSWORD)


@pytest.mark.run_on_commit
async def test_who_has_registered_is_welcomed(async_client: AsyncClient) -> None:
    await register(async_client)

    [message] = mail.outbox
    assert (message.to, message.subject) == (["ada@example.com"], "Welcome")
    assert message.body == "You can log in as ada@example.com."


@pytest.mark.run_on_commit
async def test_who_cannot_become_a_member_is_neither_stored_nor_welcomed(
    async_client: AsyncClient, mocker: MockerFixture
) -> None:
    mocker.patch.object(Group.objects, "get_or_create", side_effect=OSError("no more groups"))

    with pytest.raises(OSError, match="no more groups"):
        await register(async_client)

    assert not await User.objects.aexists()
    assert mail.outbox == []


@pytest.mark.run_on_commit
async def test_a_mail_server_that_is_away_keeps_nobody_from_registering(
    async_client: AsyncClient, mocker: MockerFixture, caplog: pytest.LogCaptureFixture
) -> None:
    mocker.patch("users.registration.send_mail", side_effect=ConnectionRefusedError)

    response = await register(async_client)

    assert response.status_code == 201
    assert "welcome" in caplog.text


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"password": "password"}, "password"),
        ({"password": "short"}, "password"),
        ({"password": "long" * 1024 + "!"}, "password"),
        ({User.USERNAME_FIELD: "taken@example.com"}, User.USERNAME_FIELD),
        ({User.USERNAME_FIELD: ""}, User.USERNAME_FIELD),
    ],
    ids=["common password", "short password", "endless password", "taken", "empty"],
)
async def test_what_is_wrong_is_told_by_field(
    async_client: AsyncClient, fields: dict[str, str], wrong: str
) -> None:
    await acreate_user(**{User.USERNAME_FIELD: "taken@example.com"})

    response = await register(async_client, **fields)

    assert response.status_code == 400
    assert list(response.json()) == [wrong]


async def test_a_link_registers_nobody(async_client: AsyncClient) -> None:
    assert (await async_client.get("/api/register/")).status_code == 405
