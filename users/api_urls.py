"""Routes of the REST API, and of its description for programs and for people."""

from adrf.routers import SimpleRouter
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

from users.api import TokenView, UserViewSet
from users.api_page import ApiPage

router = SimpleRouter(use_regex_path=False)
router.register("users", UserViewSet, basename="v1-user")

api = [
    path("api/v1/", include(router.urls)),
    path("api/v1/token/", TokenView.as_view(), name="v1-token"),
]
urlpatterns = [
    *api,
    path("api/v1/schema/", SpectacularAPIView.as_view(patterns=api), name="v1-schema"),
    path("api/v1/docs/", ApiPage.as_view(url_name="v1-schema"), name="v1-docs"),
]
