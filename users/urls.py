"""Routes of the users app."""

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from users.views import async_user_detail, async_user_list
from users.viewsets import AsyncUserViewSet

router = SimpleRouter(use_regex_path=False)
router.register("users", AsyncUserViewSet, basename="drf-user")

urlpatterns = [
    path("api/users/", async_user_list, name="user-list"),
    path("api/users/<int:user_id>/", async_user_detail, name="user-detail"),
    path("api/drf/", include(router.urls)),
]
