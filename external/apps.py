"""The external app."""

from django.apps import AppConfig


class ExternalConfig(AppConfig):
    """A view over somebody else's HTTP API."""

    name = "external"
