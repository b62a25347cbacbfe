"""What this app tells the others: they connect a receiver, and it need not know any of them."""

from typing import Any

from django.dispatch import Signal

# Somebody has joined, and is committed. Receivers get ``user``; the sender is its class.
user_created = Signal()


async def announce_user_created(user: Any) -> None:
    """Tell every receiver, async ones at the same time, and wait until all are done.

    Joining has succeeded by then. So a receiver that fails is logged, by Django, and neither keeps
    the others from hearing nor tells the new user that something went wrong.
    """
    await user_created.asend_robust(sender=type(user), user=user)
