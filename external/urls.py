"""Routes of the external app."""

from django.urls import path

from external.views import fetch_external_data, upstream

urlpatterns = [
    path("api/external/", fetch_external_data, name="external"),
    path("upstream/", upstream, name="upstream"),
]
