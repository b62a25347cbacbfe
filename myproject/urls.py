"""All routes: each app brings its own."""

from django.contrib import admin
from django.contrib.staticfiles.urls import staticfiles_urlpatterns
from django.urls import include, path

from myproject.health import healthz, readyz
from myproject.views import home

urlpatterns = [
    path("", home, name="home"),
    path("patterns/", include("myproject.catalogue.urls")),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("admin/", admin.site.urls),
    path("", include("users.urls")),
    path("", include("external.urls")),
    path("", include("talks.urls")),
    path("", include("chat.urls")),
    # In development only, for servers other than runserver.
    *staticfiles_urlpatterns(),
]
