"""A serializer of Django REST framework's in an adrf viewset that saves.

adrf's ``acreate`` and ``aupdate`` await ``serializer.asave()``, which only adrf's own serializers
have. Lists work with DRF's, and are faster; so the first PATCH is what fails.

Message: AttributeError: 'NameSerializer' object has no attribute 'asave'
Cure: override `perform_acreate` and `perform_aupdate`: `await sync_to_async(serializer.save)()`
Seen on: adrf 0.1.14, djangorestframework 3.18.3
Upstream: none known
"""

from typing import Any

import pytest
from adrf.routers import SimpleRouter
from adrf.viewsets import ModelViewSet
from asgiref.sync import sync_to_async
from django.contrib.auth.models import Group
from django.test import AsyncClient
from rest_framework.permissions import AllowAny
from rest_framework.serializers import ModelSerializer

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


class NameSerializer(ModelSerializer[Group]):
    class Meta:
        model = Group
        fields = ["name"]


class Groups(ModelViewSet):
    queryset = Group.objects.order_by("pk")
    serializer_class = NameSerializer
    permission_classes = [AllowAny]


class SavedInAThread(Groups):
    async def perform_aupdate(self, serializer: Any) -> None:
        await sync_to_async(serializer.save)()


router = SimpleRouter()
router.register("groups", Groups, basename="group")
router.register("cured", SavedInAThread, basename="cured")
urlpatterns = router.urls


async def rename(client: AsyncClient, path: str) -> tuple[int, str]:
    group = await Group.objects.acreate(name="poets")
    url = f"/{path}/{group.pk}/"
    response = await client.patch(url, {"name": "painters"}, content_type="application/json")
    await group.arefresh_from_db()
    return response.status_code, group.name


async def test_there_is_no_asave(async_client: AsyncClient) -> None:
    with pytest.raises(AttributeError, match="'NameSerializer' object has no attribute 'asave'"):
        await rename(async_client, "groups")


async def test_save_works_in_a_thread(async_client: AsyncClient) -> None:
    assert await rename(async_client, "cured") == (200, "painters")
