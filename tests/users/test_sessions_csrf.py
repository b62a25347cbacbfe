"""Test the CSRF check as a JSON client meets it.

Use ``AsyncClient(enforce_csrf_checks=True)``: the ordinary test client is excused from the check,
so that a suite stays green while every browser gets 403. A client takes the token from the cookie
and sends it back as a header, and takes it again after each login, which changes it.
Code: users/sessions.py
"""

from typing import Any

import pytest
from django.test import AsyncClient

from tests.factories import PASSWORD, acreate_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser() -> AsyncClient:
    """A client that is checked as a browser is."""
    return AsyncClient(enforce_csrf_checks=True)


async def log_in(client: AsyncClient, token: str) -> Any:
    user = await acreate_user(with_password=True)
    body = {"username": user.get_username(), "password": PASSWORD}
    headers = {"X-CSRFToken": token}
    return await client.post("/api/login/", body, "application/json", headers=headers)


async def test_without_the_token_it_is_refused(browser: AsyncClient) -> None:
    response = await log_in(browser, token="")

    assert response.status_code == 403


async def test_a_visitor_gets_a_token_and_may_log_in_with_it(browser: AsyncClient) -> None:
    await browser.get("/api/me/")

    response = await log_in(browser, browser.cookies["csrftoken"].value)

    assert response.status_code == 200


async def test_the_login_makes_the_old_token_useless(browser: AsyncClient) -> None:
    await browser.get("/api/me/")
    old = browser.cookies["csrftoken"].value
    await log_in(browser, old)

    response = await browser.post("/api/logout/", headers={"X-CSRFToken": old})

    assert response.status_code == 403


async def test_the_login_brings_a_new_token(browser: AsyncClient) -> None:
    await browser.get("/api/me/")
    await log_in(browser, browser.cookies["csrftoken"].value)

    new = browser.cookies["csrftoken"].value
    response = await browser.post("/api/logout/", headers={"X-CSRFToken": new})

    assert response.status_code == 204
