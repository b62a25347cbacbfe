"""All routes: each app brings its own."""

from django.contrib import admin
from django.contrib.staticfiles.urls import staticfiles_urlpatterns
from django.urls import include, path

from myproject.health import healthz, readyz
from myproject.views import home, pattern, patterns

urlpatterns = [
    path("", home, name="home"),
    path("patterns/", patterns, name="patterns"),
    path("patterns/<slug:slug>/", pattern, name="pattern"),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("admin/", admin.site.urls),
    path("", include("users.urls")),
    path("", include("external.urls")),
    path("", include("chat.urls")),
    # In development only, for servers other than runserver.
    *staticfiles_urlpatterns(),
]
