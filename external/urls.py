"""Routes of the external app."""

from django.urls import path

from external.upstream import clock, upstream
from external.views import (
    cached_external_data,
    fetch_all_external_data,
    fetch_external_data,
    stream_external_data,
)

urlpatterns = [
    path("api/external/", fetch_external_data, name="external"),
    path("api/external/all/", fetch_all_external_data),
    path("api/external/cached/", cached_external_data),
    path("api/external/stream/", stream_external_data),
    path("upstream/", upstream, name="upstream"),
    path("upstream/clock/", clock),
]
