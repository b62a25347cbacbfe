"""Routes of the talks app."""

from django.urls import path

from talks.views import listen, take, talk_detail

urlpatterns = [
    path("api/talks/<int:talk_id>/", talk_detail),
    path("api/talks/<int:talk_id>/seats/", take),
    path("api/talks/<int:talk_id>/changes/", listen),
]
