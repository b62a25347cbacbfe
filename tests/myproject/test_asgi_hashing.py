"""Hash passwords where it holds up nobody.

Use this where people log in: let more of them wait for the hash than there are threads, and request
something else beside them. The traps: a limit of attempts does not help against many addresses; and
a form that is added later hashes in everybody's threads again.
Code: myproject/asgi.py
"""

import asyncio
import json
from collections.abc import Iterator
from threading import Event
from typing import Any
from urllib.parse import urlencode

import pytest
from channels.testing import HttpCommunicator
from django.contrib.auth.hashers import MD5PasswordHasher  # what these tests hash with
from django.db import connection
from django.utils.crypto import get_random_string
from pytest_mock import MockerFixture

from myproject import asgi
from myproject.asgi import HASHING, PROBES, django_application
from myproject.executor import PersistentThreads

pytestmark = pytest.mark.django_db

CSRF = get_random_string(32)
PASSWORD = "correct horse battery staple"
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
TYPES = dict(zip(HASHING, (FORM, FORM, JSON, JSON, JSON), strict=True))


class SlowHash:
    """A hash that takes as long as the test wants."""

    def __init__(self) -> None:
        self.begun, self.may_end = Event(), Event()
        self.in_transaction = False

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        """Stand in for the hasher's method."""
        self.in_transaction = len(connection.savepoint_ids) > 0
        self.begun.set()
        self.may_end.wait(timeout=30)
        return "md5$salt$hash"


@pytest.fixture
def slow_hash(mocker: MockerFixture) -> Iterator[SlowHash]:
    """Hash slowly, until the test has ended."""
    slow_hash = SlowHash()
    mocker.patch.object(MD5PasswordHasher, "encode", side_effect=slow_hash.encode)
    yield slow_hash
    slow_hash.may_end.set()


@pytest.fixture
def application(mocker: MockerFixture) -> Iterator[PersistentThreads]:
    """The project's HTTP application, with one thread for everybody, and patience."""
    mocker.patch("myproject.threads.PATIENCE", 60)
    application = PersistentThreads(django_application, few=1, most=1, reserved=HASHING)
    yield application
    application.close()


async def status(application: PersistentThreads, path: str, number: int | None = None) -> int:
    """Request a path; with a number, as somebody who sends a password to it."""
    headers = [
        (b"host", b"localhost"),
        (b"cookie", f"csrftoken={CSRF}".encode()),
        (b"x-csrftoken", CSRF.encode()),
    ]
    if number is None:
        client = HttpCommunicator(application, "GET", path, headers=headers)
    else:
        name = f"{number}@example.com"
        fields = {"username": name, "email": name, "password": PASSWORD}
        body = json.dumps(fields) if TYPES[path] == JSON else urlencode(fields)
        headers.append((b"content-type", TYPES[path].encode()))
        headers.append((b"content-length", str(len(body)).encode()))  # or DRF reads no body
        client = HttpCommunicator(application, "POST", path, body.encode(), headers)
    response = await client.get_response(timeout=30)
    await client.wait(timeout=30)
    return int(response["status"])


@pytest.mark.parametrize("path", HASHING)
async def test_others_are_served_while_people_wait_for_their_hash(
    application: PersistentThreads, slow_hash: SlowHash, path: str
) -> None:
    people = [asyncio.create_task(status(application, path, number)) for number in range(4)]
    assert await asyncio.to_thread(slow_hash.begun.wait, 30)

    assert await status(application, "/api/users/") == 200

    assert not any(person.done() for person in people)
    slow_hash.may_end.set()
    await asyncio.gather(*people)


async def test_nothing_waits_for_a_registration_that_hashes(
    application: PersistentThreads, slow_hash: SlowHash
) -> None:
    slow_hash.may_end.set()

    assert await status(application, "/api/register/", 1) == 201

    assert not slow_hash.in_transaction


def test_the_projects_application_reserves_a_thread_for_each_of_them() -> None:
    router: Any = asgi.application.application

    assert set(router.application_mapping["http"].reserved) == {*PROBES, *HASHING}
