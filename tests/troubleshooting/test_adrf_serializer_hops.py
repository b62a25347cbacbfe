"""An adrf list that slows down with every row.

adrf's serializer awaits each field of each row in a thread hop of its own. Twenty rows of three
fields make more than a hundred hops; the same viewset with DRF's serializer makes none for them.

Message: none; a list view over adrf's `ModelSerializer` is several times as slow as over DRF's
Cure: DRF's `ModelSerializer` in adrf's viewset (it serialises in one go)
Seen on: adrf 0.1.14, djangorestframework 3.18.3, asgiref 3.13.0
Upstream: none known
"""

from typing import Any

import pytest
from adrf.routers import SimpleRouter
from adrf.serializers import ModelSerializer as AdrfSerializer
from adrf.viewsets import ReadOnlyModelViewSet
from asgiref.sync import SyncToAsync
from django.test import AsyncClient
from pytest_mock import MockerFixture
from rest_framework.serializers import ModelSerializer as DrfSerializer

from tests.factories import acreate_users
from users.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

ROWS, FIELDS = 20, ["id", "username", "password"]


class ByAdrf(AdrfSerializer):
    class Meta:
        model = User
        fields = FIELDS


class ByDrf(DrfSerializer[User]):
    class Meta:
        model = User
        fields = FIELDS


class AdrfUsers(ReadOnlyModelViewSet):
    queryset = User.objects.all()
    serializer_class: Any = ByAdrf


class DrfUsers(AdrfUsers):
    serializer_class = ByDrf


router = SimpleRouter()
router.register("adrf", AdrfUsers, basename="adrf")
router.register("drf", DrfUsers, basename="drf")
urlpatterns = router.urls


async def test_each_field_of_each_row_hops(
    async_client: AsyncClient, mocker: MockerFixture
) -> None:
    await acreate_users(ROWS)
    hops = mocker.spy(SyncToAsync, "__call__")

    await async_client.get("/adrf/")

    assert hops.call_count >= ROWS * len(FIELDS)


async def test_a_sync_serializer_does_not(async_client: AsyncClient, mocker: MockerFixture) -> None:
    await acreate_users(ROWS)
    hops = mocker.spy(SyncToAsync, "__call__")

    await async_client.get("/drf/")

    assert hops.call_count < ROWS
