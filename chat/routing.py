"""WebSocket routes."""

from django.urls import path, re_path

from chat.consumers import ChatConsumer, NoSuchRouteConsumer
from chat.presence import PresenceConsumer

websocket_urlpatterns = [
    path("ws/chat/<str:room>/people/", PresenceConsumer.as_asgi(), name="chat-people"),
    path("ws/chat/<path:room>/", ChatConsumer.as_asgi(), name="chat-room"),
    re_path("", NoSuchRouteConsumer.as_asgi()),
]
