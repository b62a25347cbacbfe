"""The users app."""

from django.apps import AppConfig


class UsersConfig(AppConfig):
    """The custom user model, its async views and its viewset."""

    name = "users"
