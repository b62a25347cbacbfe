"""Test a page with a form, validated and sent from an async view.

Post what a browser posts, follow no redirect, and look at the outbox. The trap is a test that
only looks at the status: a form that is not valid is a page like any other, so look that nothing
was sent.
"""

from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.test import AsyncClient
from pytest_mock import MockerFixture

from tests.factories import acreate_user

pytestmark = pytest.mark.django_db


async def invite(client: AsyncClient, address: str) -> Any:
    return await client.post("/invite/", {"address": address})


async def test_the_page_shows_an_empty_form(authenticated_async_client: AsyncClient) -> None:
    response = await authenticated_async_client.get("/invite/")

    assert response.status_code == 200
    assert b'name="address"' in response.content
    assert b"errorlist" not in response.content


async def test_an_invitation_is_sent(
    authenticated_async_client: AsyncClient, mailoutbox: list[EmailMessage]
) -> None:
    response = await invite(authenticated_async_client, "grace@example.com")

    assert (response.status_code, response.headers["Location"]) == (302, "/invite/")
    [message] = mailoutbox
    assert (message.subject, message.to) == ("You are invited", ["grace@example.com"])
    assert message.body == "Come and have a look: http://testserver/"


async def test_a_form_that_is_wrong_is_shown_again_and_nothing_is_sent(
    authenticated_async_client: AsyncClient, mailoutbox: list[EmailMessage]
) -> None:
    await acreate_user(email="ada@example.com")

    response = await invite(authenticated_async_client, "ada@example.com")

    assert response.status_code == 400
    assert b"This person is here already." in response.content
    assert b'value="ada@example.com"' in response.content
    assert mailoutbox == []


async def test_a_mail_server_that_is_away_is_said_on_the_page_and_in_the_log(
    authenticated_async_client: AsyncClient,
    mocker: MockerFixture,
    caplog: pytest.LogCaptureFixture,
) -> None:
    mocker.patch.object(EmailMessage, "send", side_effect=ConnectionRefusedError)

    response = await invite(authenticated_async_client, "grace@example.com")

    assert response.status_code == 400
    assert b"<li>The mail server cannot be reached. Try again later.</li>" in response.content
    assert "An invitation was not sent." in caplog.messages


async def test_a_defect_is_no_mail_server_that_is_away(
    authenticated_async_client: AsyncClient, mocker: MockerFixture
) -> None:
    mocker.patch.object(EmailMessage, "send", side_effect=ZeroDivisionError)

    with pytest.raises(ZeroDivisionError):
        await invite(authenticated_async_client, "grace@example.com")


async def test_the_page_is_for_people_who_are_logged_in(
    async_client: AsyncClient, mailoutbox: list[EmailMessage]
) -> None:
    response = await invite(async_client, "grace@example.com")

    assert response.status_code == 302
    assert response.headers["Location"].endswith("?next=/invite/")
    assert mailoutbox == []


async def test_a_client_may_ask_for_the_head(authenticated_async_client: AsyncClient) -> None:
    assert (await authenticated_async_client.head("/invite/")).status_code == 200


async def test_other_methods_are_refused(authenticated_async_client: AsyncClient) -> None:
    assert (await authenticated_async_client.delete("/invite/")).status_code == 405
