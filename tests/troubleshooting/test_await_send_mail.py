"""``await send_mail(…)``.

There is no ``asend_mail``. ``send_mail`` blocks the event loop for as long as the mail server
takes, and returns a number, which cannot be awaited: the view fails after the message has left,
and whoever tries again sends it twice.

Message: TypeError: object int can't be used in 'await' expression
Cure: `await sync_to_async(send_mail, thread_sensitive=False)(…)`
Seen on: Django 5.2.19 and 6.1.3
Upstream: https://docs.djangoproject.com/en/stable/topics/email/
"""

from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.core.mail import EmailMessage, send_mail

MESSAGE: Any = ("Hello", "How are you?", None, ["ada@example.com"])


async def test_it_fails_when_the_message_has_left(mailoutbox: list[EmailMessage]) -> None:
    send: Any = send_mail

    with pytest.raises(TypeError, match=r"object '?int'? can't be (used in 'await'|awaited)"):
        await send(*MESSAGE)

    assert len(mailoutbox) == 1


async def test_in_a_thread_it_is_sent(mailoutbox: list[EmailMessage]) -> None:
    assert await sync_to_async(send_mail, thread_sensitive=False)(*MESSAGE) == 1

    assert [message.subject for message in mailoutbox] == ["Hello"]
