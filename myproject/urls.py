"""All routes: each app brings its own."""

from django.contrib import admin
from django.urls import include, path

from myproject.health import healthz, readyz
from myproject.views import home

urlpatterns = [
    path("", home, name="home"),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("admin/", admin.site.urls),
    path("", include("users.urls")),
    path("", include("external.urls")),
]
