"""The chat app."""

from django.apps import AppConfig


class ChatConfig(AppConfig):
    """Rooms in which everybody hears everybody, over WebSockets."""

    name = "chat"
