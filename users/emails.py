"""Send e-mail from a coroutine."""

from asgiref.sync import sync_to_async
from django.core.mail import EmailMessage


async def asend(message: EmailMessage) -> None:
    """Send a message; Django's ``send`` and ``send_mail`` have no async twins.

    In a thread of the loop's pool, because a mail server may take seconds: the thread where
    ``sync_to_async`` runs by default is the one that the request's queries (and outside a server
    everybody's) wait for.

    Raises:
        OSError: The server cannot be reached, or refuses (``SMTPException`` is one).
    """
    await sync_to_async(message.send, thread_sensitive=False)()
