"""WebSocket routes."""

from django.urls import path, re_path

from chat.consumers import ChatConsumer, NoSuchRouteConsumer

websocket_urlpatterns = [
    path("ws/chat/<path:room>/", ChatConsumer.as_asgi(), name="chat-room"),
    re_path("", NoSuchRouteConsumer.as_asgi()),
]
