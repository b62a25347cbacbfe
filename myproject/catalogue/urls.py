"""Routes of the catalogue."""

from django.urls import path

from myproject.catalogue.views import pattern, patterns

urlpatterns = [
    path("", patterns, name="patterns"),
    path("<slug:slug>/", pattern, name="pattern"),
]
