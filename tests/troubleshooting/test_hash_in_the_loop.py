"""``aauthenticate`` with a name that nobody has.

So that nobody learns which names there are, Django hashes the password then, too. Before 6.1,
``aauthenticate`` does that in the event loop: half a second in which nobody else is served, for
whoever guesses names.

Message: blockbuster.blockbuster.BlockingError: Blocking call to …
Told by: `aauthenticate` and `make_password` are in the traceback
Cure: `await sync_to_async(authenticate)(request, username=…, password=…)`
Seen on: Django 5.2.19 and 6.0.10; mended in 6.1
Upstream: none known
"""

import threading

import django
import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth import aauthenticate, authenticate
from django.contrib.auth.hashers import MD5PasswordHasher
from pytest_django import Settings
from pytest_mock import MockerFixture, MockType

pytestmark = pytest.mark.django_db


@pytest.fixture
def hashed_in(mocker: MockerFixture, settings: Settings) -> MockType:
    """Be told in which thread something is hashed."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    hashed_in: MockType = mocker.Mock()

    def encode(*args: object) -> str:
        hashed_in(threading.current_thread())
        return "md5$salt$hash"

    mocker.patch.object(MD5PasswordHasher, "encode", side_effect=encode)
    return hashed_in


async def test_an_unknown_name_is_hashed_in_the_event_loop(hashed_in: MockType) -> None:
    assert await aauthenticate(username="nobody", password="guessed") is None

    [call] = hashed_in.call_args_list
    assert (call.args[0] is threading.main_thread()) is (django.VERSION < (6, 1))


async def test_in_a_thread_all_of_it_is_done_there(hashed_in: MockType) -> None:
    assert await sync_to_async(authenticate)(username="nobody", password="guessed") is None

    [call] = hashed_in.call_args_list
    assert call.args[0] is not threading.main_thread()
