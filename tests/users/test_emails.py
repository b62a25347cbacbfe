"""Test an e-mail that is sent from a coroutine.

Use ``mailoutbox``, pytest-django's ``mail.outbox``: it holds what was sent, from whichever thread.
The trap is ``await send_mail(…)``: it blocks the event loop while the mail server answers, and then
fails on awaiting an ``int``; there is no ``asend_mail``.
"""

import asyncio
import threading

import pytest
from asgiref.sync import sync_to_async
from django.core.mail import EmailMessage
from pytest_mock import MockerFixture

from users.emails import asend


async def test_a_message_is_sent(mailoutbox: list[EmailMessage]) -> None:
    await asend(EmailMessage("Hello", "How are you?", to=["ada@example.com"]))

    [message] = mailoutbox
    assert (message.subject, message.body) == ("Hello", "How are you?")
    assert message.to == ["ada@example.com"]


async def test_a_slow_mail_server_holds_up_nobody_else(mocker: MockerFixture) -> None:
    connected, may_answer = threading.Event(), threading.Event()

    def send(message: EmailMessage) -> None:
        connected.set()
        may_answer.wait(timeout=5)

    mocker.patch.object(EmailMessage, "send", send)
    sending = asyncio.create_task(asend(EmailMessage("Hello", to=["ada@example.com"])))
    await asyncio.to_thread(connected.wait)

    # This is where the ORM runs; it is free.
    assert await asyncio.wait_for(sync_to_async(lambda: "free")(), timeout=2) == "free"
    assert not sending.done()
    may_answer.set()
    await sending


async def test_a_server_that_is_away_is_an_error(mocker: MockerFixture) -> None:
    mocker.patch.object(EmailMessage, "send", side_effect=ConnectionRefusedError)

    with pytest.raises(ConnectionRefusedError):
        await asend(EmailMessage("Hello", to=["ada@example.com"]))
