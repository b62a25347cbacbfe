"""Test what Django REST framework's defaults make of a view that says nothing of its own.

Write such a view, and send it what clients send. The trap is to test the views that set everything
themselves: the next one will not.
Code: myproject/settings.py
"""

import base64
import re

import pytest
from django.contrib.staticfiles.finders import find
from django.test import AsyncClient, Client
from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tests.factories import PASSWORD, acreate_user

JSON = "application/json"


class Echo(APIView):
    """Answer with who is asking, and what was said."""

    def get(self, request: Request) -> Response:
        """Tell who it is."""
        return Response({"user": request.user.get_username()})

    def post(self, request: Request) -> Response:
        """Repeat what was said."""
        return Response(request.data)


urlpatterns = [
    path("echo/", Echo.as_view()),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerView.as_view()),
]
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


@pytest.fixture
async def someone(async_client: AsyncClient) -> AsyncClient:
    """Return the client of somebody who is logged in."""
    await async_client.aforce_login(await acreate_user(email="ada@example.com"))
    return async_client


async def test_a_session_tells_who_is_asking(someone: AsyncClient) -> None:
    response = await someone.get("/echo/")

    assert response.json() == {"user": "ada@example.com"}


async def test_a_password_in_a_header_does_not(async_client: AsyncClient) -> None:
    user = await acreate_user(with_password=True)
    credentials = base64.b64encode(f"{user.get_username()}:{PASSWORD}".encode()).decode()

    response = await async_client.get("/echo/", headers={"authorization": f"Basic {credentials}"})

    assert response.json() == {"user": ""}


async def test_visitors_may_read_and_not_write(async_client: AsyncClient) -> None:
    read = await async_client.get("/echo/")
    written = await async_client.post("/echo/", {"a": 1}, content_type=JSON)

    assert (read.status_code, written.status_code) == (200, 403)


async def test_only_json_is_understood(someone: AsyncClient) -> None:
    as_json = await someone.post("/echo/", {"a": 1}, content_type=JSON)
    as_form = await someone.post("/echo/", {"a": "1"})

    assert as_json.json() == {"a": 1}
    assert as_form.status_code == 415


async def test_a_body_nested_ten_thousand_deep_is_a_bad_request(someone: AsyncClient) -> None:
    response = await someone.post("/echo/", "[" * 100_000, content_type=JSON)

    assert response.status_code == 400


async def test_a_browser_is_answered_in_json_too(someone: AsyncClient) -> None:
    response = await someone.get("/echo/", headers={"accept": "text/html,*/*;q=0.8"})

    assert response.headers["Content-Type"] == JSON


async def test_the_description_names_the_site(async_client: AsyncClient) -> None:
    response = await async_client.get(
        "/schema/", headers={"accept": "application/vnd.oai.openapi+json"}
    )

    assert response.json()["info"] == {"title": "Asynchronous Django, tested", "version": "1"}


def test_the_page_of_the_description_has_all_its_files_from_here(client: Client) -> None:
    page = client.get("/docs/").content.decode()

    files = re.findall(r'(?:href|src)="(.*?)"', page)
    assert "/static/drf_spectacular_sidecar/swagger-ui-dist/favicon-32x32.png" in files
    assert [file for file in files if not file.startswith("/static/")] == []
    assert [file for file in files if not find(file.removeprefix("/static/"))] == []
