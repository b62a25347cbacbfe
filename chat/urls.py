"""Routes of the chat app."""

from django.urls import path

from chat.tickets import TicketView
from chat.views import chat_room

urlpatterns = [
    path("chat/<str:room>/", chat_room, name="chat-page"),
    path("api/chat/ticket/", TicketView.as_view(), name="chat-ticket"),
]
