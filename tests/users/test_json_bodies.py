"""Validate a JSON body with a Django form.

Use it for views that take JSON without Django REST framework: the form does the rest. The traps
are what is JSON and yet no data for a form, each a 500 from a view that goes no further than
``json.loads``: a list, ten thousand brackets, half a surrogate pair.
"""

from typing import Any

import pytest
from django import forms
from django.core.exceptions import BadRequest
from django.test import AsyncRequestFactory
from pytest_mock import MockerFixture

from users.json_bodies import form_errors, json_object


def request(async_rf: AsyncRequestFactory, body: bytes) -> Any:
    return async_rf.post("/", body, content_type="application/json")


def test_the_object_in_the_body_is_returned(async_rf: AsyncRequestFactory) -> None:
    assert json_object(request(async_rf, b'{"name": "\xc3\x85sa"}')) == {"name": "Åsa"}


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b'{"name": "\xff"}', b"[" * 100_000, b'{"name": "\\ud800"}', b'["name"]', b"null"],
    ids=[
        "empty",
        "malformed",
        "not UTF-8",
        "nested beyond reason",
        "half a surrogate pair",
        "a list",
        "null",
    ],
)
def test_anything_else_is_a_bad_request(async_rf: AsyncRequestFactory, body: bytes) -> None:
    with pytest.raises(BadRequest, match=r"^The body is not a JSON object in UTF-8\.$"):
        json_object(request(async_rf, body))


def test_errors_are_told_by_field() -> None:
    class NameForm(forms.Form):
        name = forms.CharField(max_length=3)

    response = form_errors(NameForm({"name": "Grace"}))

    assert response.status_code == 400
    assert response.content == (
        b'{"name": ["Ensure this value has at most 3 characters (it has 5)."]}'
    )


def test_a_fault_of_the_servers_is_no_bad_request(
    async_rf: AsyncRequestFactory, mocker: MockerFixture
) -> None:
    mocker.patch("users.json_bodies.json.loads", side_effect=MemoryError)

    with pytest.raises(MemoryError):
        json_object(request(async_rf, b"{}"))
