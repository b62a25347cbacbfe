"""WebSocket routes."""

from django.urls import path, re_path

from chat.consumers import ChatConsumer, NoSuchRouteConsumer
from chat.room_consumer import RoomConsumer

websocket_urlpatterns = [
    path("ws/rooms/<path:room>/", RoomConsumer.as_asgi()),
    path("ws/chat/<path:room>/", ChatConsumer.as_asgi()),
    re_path("", NoSuchRouteConsumer.as_asgi()),
]
