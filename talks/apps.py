"""The talks app."""

from django.apps import AppConfig


class TalksConfig(AppConfig):
    """Talks, each with so many seats and no more."""

    name = "talks"
