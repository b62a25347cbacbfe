"""Test two people who register under one name at the same moment.

Give each request a thread of its own, and let both meet at a barrier when their forms have been
found valid: from there on only the database can tell them apart. The trap is to mock the check
away and send one request after the other, which tests neither the check nor the meeting.
Code: users/registration.py
"""

import asyncio
import threading
from typing import Any

import pytest
from asgiref.sync import ThreadSensitiveContext
from django.contrib.auth import get_user_model
from django.test import AsyncClient
from pytest_mock import MockerFixture

from users.registration import RegistrationForm

pytestmark = pytest.mark.django_db

User: Any = get_user_model()


@pytest.fixture
def _both_forms_are_valid(mocker: MockerFixture) -> None:
    """Let no request go on from its check before the other has been checked too."""
    is_valid = RegistrationForm.is_valid
    barrier = threading.Barrier(2, timeout=5)

    def check_and_meet(form: RegistrationForm) -> bool:
        valid = is_valid(form)
        barrier.wait()
        return valid

    mocker.patch("users.registration.RegistrationForm.is_valid", check_and_meet)


async def register() -> Any:
    """Send one request, in a thread of its own as on a server."""
    names = [User.USERNAME_FIELD, User.get_email_field_name()]
    body = {**dict.fromkeys(names, "grace@example.com"), "password": "correct horse battery"}
    async with ThreadSensitiveContext():
        return await AsyncClient().post("/api/register/", body, content_type="application/json")


@pytest.mark.usefixtures("_both_forms_are_valid")
async def test_one_of_two_is_registered_and_the_other_is_told() -> None:
    responses = await asyncio.gather(register(), register())

    created, refused = sorted(responses, key=lambda response: response.status_code)
    assert (created.status_code, refused.status_code) == (201, 400)
    assert refused.json() == {User.USERNAME_FIELD: ["Somebody has this already."]}
    assert await User.objects.acount() == 1
