"""An adrf router that finds no actions.

adrf's router maps ``GET`` on an async viewset to ``alist`` and ``aretrieve``, the names of adrf's
own mixins. A plain ``ViewSet`` that defines ``async def list`` has none of them, so no route is
made for it, and nothing says so.

Message: 404 Not Found for every URL of an adrf viewset
Message: django.urls.exceptions.NoReverseMatch: Reverse for 'user-list' not found.
Cure: register `async def list` on DRF's router, or name it `alist` for adrf's
Seen on: adrf 0.1.14, djangorestframework 3.18.3
Upstream: https://github.com/em1208/adrf/issues/92
"""

import pytest
from adrf.routers import SimpleRouter as AdrfRouter
from adrf.viewsets import ViewSet
from django.test import AsyncClient
from django.urls import include, path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter as DrfRouter

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


class Listing(ViewSet):
    async def list(self, request: Request) -> Response:
        return Response(["list"])


class AListing(ViewSet):
    async def alist(self, request: Request) -> Response:
        return Response(["alist"])


adrf_router = AdrfRouter()
adrf_router.register("list", Listing, basename="list")
adrf_router.register("alist", AListing, basename="alist")
drf_router = DrfRouter()
drf_router.register("list", Listing, basename="list")
urlpatterns = [path("adrf/", include(adrf_router.urls)), path("drf/", include(drf_router.urls))]


async def test_an_action_called_list_is_not_found(async_client: AsyncClient) -> None:
    assert (await async_client.get("/adrf/list/")).status_code == 404


@pytest.mark.parametrize("url", ["/drf/list/", "/adrf/alist/"])
async def test_a_router_finds_the_names_it_knows(async_client: AsyncClient, url: str) -> None:
    assert (await async_client.get(url)).status_code == 200
