"""A paginator of Django REST framework's in a coroutine.

``paginate_queryset`` counts and fetches, and has no async twin, in adrf neither. adrf's generic
viewsets call it in a thread since 0.1.14; a viewset with an ``async def list`` of its own has to.

Message: You cannot call this from an async context - use a thread or sync_to_async.
Told by: the line is `paginate_queryset(…)`, in a viewset
Cure: `await sync_to_async(paginator.paginate_queryset)(queryset, request, view=self)`
Seen on: adrf 0.1.14, djangorestframework 3.18.3
Upstream: https://github.com/em1208/adrf/issues/51
"""

from typing import Any

import pytest
from adrf.views import APIView
from adrf.viewsets import ReadOnlyModelViewSet
from asgiref.sync import sync_to_async
from django.contrib.auth.models import Group
from django.core.exceptions import SynchronousOnlyOperation
from django.test import AsyncClient
from django.urls import path
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ModelSerializer

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

GROUPS = Group.objects.order_by("pk")


class NameSerializer(ModelSerializer[Group]):
    class Meta:
        model = Group
        fields = ["name"]


class InTheLoop(APIView):
    async def get(self, request: Request) -> Response:
        return Response(LimitOffsetPagination().paginate_queryset(GROUPS.all(), request))


class InAThread(APIView):
    async def get(self, request: Request) -> Any:
        paginator: Any = LimitOffsetPagination()
        page = await sync_to_async(paginator.paginate_queryset)(GROUPS.all(), request, view=self)
        return paginator.get_paginated_response([{"name": group.name} for group in page])


class Generic(ReadOnlyModelViewSet):
    queryset = GROUPS
    serializer_class = NameSerializer
    pagination_class = LimitOffsetPagination


urlpatterns = [
    path("loop/", InTheLoop.as_view()),
    path("thread/", InAThread.as_view()),
    path("generic/", Generic.as_view({"get": "alist"})),
]


@pytest.fixture(autouse=True)
async def _groups(db: None) -> None:
    await Group.objects.abulk_create(Group(name=name) for name in ["poets", "painters"])


async def test_a_paginator_queries_where_it_is_called(async_client: AsyncClient) -> None:
    with pytest.raises(SynchronousOnlyOperation, match="You cannot call this from an async"):
        await async_client.get("/loop/?limit=1")


@pytest.mark.parametrize("address", ["/thread/", "/generic/"])
async def test_in_a_thread_it_works(async_client: AsyncClient, address: str) -> None:
    response = await async_client.get(f"{address}?limit=1")

    assert response.json()["count"] == 2
    assert response.json()["results"] == [{"name": "poets"}]
