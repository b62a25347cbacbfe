"""Guessed passwords: few attempts, and one core at most for the hashing.

A hash is slow on purpose. Twelve clients that guess would keep twelve threads and all cores busy,
and everybody else would wait. So attempts are counted before a password is hashed, and hashing
takes turns. Both hold wherever Django authenticates: the admin site, an API, a test. Who waits for
a turn holds a thread, though: `asgi.py` gives the paths where people log in threads of their own.

django-axes does more, and asks for more: tables, a request with each ``authenticate`` (the test
client's ``login`` has none), and one line in the settings for each of a dozen choices.
"""

import logging
from contextlib import suppress
from hashlib import sha256
from threading import Lock
from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.signals import user_logged_in
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.dispatch import receiver
from django.http import HttpRequest

logger = logging.getLogger(__name__)

SECONDS = 15 * 60
ATTEMPTS = 5  # for one account from one address
ATTEMPTS_OF_ADDRESS = 50  # for any account
one_at_a_time = Lock()


class LoginLimitBackend:
    """Let nobody in, and refuse who has tried too often. List it before the other backends.

    It has no ``get_user``, as Django's ``BaseBackend`` has: ``force_login`` and sessions would take
    it for the one that knows people.

    Whoever is refused is told the same as for a wrong password; the log knows better. Nobody can
    lock another's account: an address is part of every count. Behind a proxy, have the server set
    the client's (uvicorn: ``--proxy-headers``), or all clients are one.
    """

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, **credentials: Any
    ) -> None:
        """Count the attempt.

        Raises:
            PermissionDenied: It is one too many; Django asks no other backend.
        """
        account = username or credentials.get(get_user_model().USERNAME_FIELD)
        if request is None or account is None:
            return
        for key, limit in counters(request, account).items():
            if cache.add(key, 1, SECONDS):
                continue
            if cache.incr(key) > limit:
                logger.warning("A login from %s was refused", request.META.get("REMOTE_ADDR"))
                raise PermissionDenied

    async def aauthenticate(self, request: HttpRequest | None, **credentials: Any) -> None:
        """Do the same for a coroutine."""
        await sync_to_async(self.authenticate)(request, **credentials)


def counters(request: HttpRequest, account: str) -> dict[str, int]:
    """Return the keys of what is counted, and how far."""
    address = request.META.get("REMOTE_ADDR", "")
    # A name may hold what no key may.
    person = sha256(account.casefold().encode(errors="replace")).hexdigest()
    return {f"logins:{address}": ATTEMPTS_OF_ADDRESS, f"logins:{address}:{person}": ATTEMPTS}


@receiver(user_logged_in)
def forget_attempts(request: HttpRequest, user: Any, **signal: Any) -> None:
    """Begin anew with whoever knew the password, and do not count that against the address."""
    of_address, of_person = counters(request, user.get_username())
    cache.delete(of_person)
    with suppress(ValueError):  # there may be no count: a session needs no password
        cache.decr(of_address)


class TurnTakingHasher(PBKDF2PasswordHasher):
    """Django's default, by one thread at a time: a process has other things to do.

    PBKDF2 lets go of the interpreter's lock, so without this, each thread would take a core.
    """

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        """Hash when it is this thread's turn."""
        with one_at_a_time:
            return super().encode(password, salt, iterations)
