"""The catalogue as an app: its pages and its command."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """The patterns that this project shows."""

    name = "myproject.catalogue"
