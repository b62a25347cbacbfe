"""Let nobody guess passwords.

Use this on every login form. The traps: attempts counted after the password was hashed, so that
guessing costs nothing but the server's time; and an account that anybody can lock for its owner.
"""

from threading import Thread
from uuid import uuid4

import pytest
import time_machine
from asgiref.sync import sync_to_async
from django.contrib.auth import aauthenticate, authenticate
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.exceptions import PermissionDenied
from django.test import AsyncRequestFactory, Client, RequestFactory
from pytest_mock import MockerFixture

from myproject.logins import LoginLimitBackend, TurnTakingHasher, one_at_a_time
from tests.factories import PASSWORD, UserFactory
from users.models import User

pytestmark = pytest.mark.django_db


def someone() -> str:
    """Return the login name of somebody who may enter the admin site."""
    return UserFactory.create(is_staff=True, with_password=True).get_username()


def logs_in(address: str, name: str, password: str) -> bool:
    """Tell whether the admin site's form lets somebody in."""
    credentials = {"username": name, "password": password}
    response = Client(REMOTE_ADDR=address).post("/admin/login/?next=/admin/", credentials)
    return response.status_code == 302


def guess(address: str, name: str, times: int) -> None:
    for _ in range(times):
        assert not logs_in(address, name, "a guess")


@pytest.fixture
def address() -> str:
    """The address of a client that no other test has."""
    return uuid4().hex


def test_five_attempts_may_be_wrong_before_the_right_one_is_refused(
    address: str, caplog: pytest.LogCaptureFixture
) -> None:
    name = someone()

    guess(address, name, times=5)

    assert not logs_in(address, name, PASSWORD)
    assert f"A login from {address} was refused" in caplog.messages


def test_after_four_the_right_one_is_taken_and_the_count_begins_anew(address: str) -> None:
    name = someone()

    guess(address, name, times=4)
    assert logs_in(address, name, PASSWORD)
    guess(address, name, times=4)

    assert logs_in(address, name, PASSWORD)


def test_nobody_locks_an_account_for_its_owner(address: str) -> None:
    name = someone()

    guess(address, name, times=6)

    assert logs_in(f"{address}-of-the-owner", name, PASSWORD)


def test_the_case_of_a_name_makes_no_other_account(address: str) -> None:
    name = someone()

    guess(address, name.upper(), times=5)

    assert not logs_in(address, name, PASSWORD)


def test_an_address_may_not_try_one_account_after_the_other(
    address: str, rf: RequestFactory
) -> None:
    request = rf.post("/", REMOTE_ADDR=address)

    for number in range(50):
        LoginLimitBackend().authenticate(request, f"nobody-{number}@example.com")

    with pytest.raises(PermissionDenied):
        LoginLimitBackend().authenticate(request, "ada@example.com")


def test_many_people_may_log_in_from_one_address(address: str, mocker: MockerFixture) -> None:
    mocker.patch("myproject.logins.ATTEMPTS_OF_ADDRESS", 2)
    names = [someone() for _ in range(4)]

    assert [logs_in(address, name, PASSWORD) for name in names] == [True] * 4


def test_a_login_does_not_wipe_out_what_its_address_tried_before(
    address: str, mocker: MockerFixture
) -> None:
    mocker.patch("myproject.logins.ATTEMPTS_OF_ADDRESS", 3)
    own = someone()

    guess(address, "ada@example.com", times=2)
    assert logs_in(address, own, PASSWORD)
    guess(address, "bob@example.com", times=1)

    assert not logs_in(address, own, PASSWORD)


def test_whoever_is_refused_costs_no_hash(address: str, mocker: MockerFixture) -> None:
    name = someone()
    hashed = mocker.spy(ModelBackend, "authenticate")

    guess(address, name, times=7)

    assert hashed.call_count == 5


async def test_in_a_coroutine_it_counts_too(address: str, async_rf: AsyncRequestFactory) -> None:
    name = await sync_to_async(someone)()
    request = async_rf.post("/")
    request.META["REMOTE_ADDR"] = address

    for _ in range(5):
        await aauthenticate(request, username=name, password="a guess")

    assert await aauthenticate(request, username=name, password=PASSWORD) is None


def test_without_a_request_nothing_is_counted() -> None:
    name = someone()

    users = [authenticate(username=name, password=PASSWORD) for _ in range(6)]

    assert None not in users


def test_attempts_count_for_whoever_is_named_by_the_login_field(
    address: str, rf: RequestFactory
) -> None:
    request = rf.post("/", REMOTE_ADDR=address)
    names = {User.USERNAME_FIELD: "ada@example.com"}

    for _ in range(5):
        LoginLimitBackend().authenticate(request, **names)

    with pytest.raises(PermissionDenied):
        LoginLimitBackend().authenticate(request, **names)
    LoginLimitBackend().authenticate(request, **{User.USERNAME_FIELD: "bob@example.com"})


@pytest.mark.usefixtures("cache_in_memory")
def test_a_quarter_of_an_hour_later_all_attempts_are_there_again(
    address: str, rf: RequestFactory
) -> None:
    request = rf.post("/", REMOTE_ADDR=address)
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False) as clock:
        for _ in range(5):
            LoginLimitBackend().authenticate(request, "ada@example.com")

        clock.shift(15 * 60 - 1)
        with pytest.raises(PermissionDenied):
            LoginLimitBackend().authenticate(request, "ada@example.com")
        clock.shift(1)
        LoginLimitBackend().authenticate(request, "ada@example.com")


def test_half_a_surrogate_pair_is_a_name_like_any_other(address: str, rf: RequestFactory) -> None:
    request = rf.post("/", REMOTE_ADDR=address)

    for _ in range(5):
        LoginLimitBackend().authenticate(request, "\ud800")

    with pytest.raises(PermissionDenied):
        LoginLimitBackend().authenticate(request, "\ud800")


def test_who_is_let_in_without_a_password_was_never_counted() -> None:
    client = Client()

    client.force_login(UserFactory.create())

    assert "sessionid" in client.cookies


def test_hashing_takes_turns(mocker: MockerFixture) -> None:
    alone: list[bool] = []
    mocker.patch.object(
        PBKDF2PasswordHasher, "encode", side_effect=lambda *_: alone.append(one_at_a_time.locked())
    )
    thread = Thread(target=TurnTakingHasher().encode, args=["password", "salt"])

    with one_at_a_time:
        thread.start()
        thread.join(timeout=0.05)
        assert alone == []
    thread.join()

    assert alone == [True]
