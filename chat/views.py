"""The chat page."""

from asgiref.sync import sync_to_async
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from chat.messages import ROOM_NAME


@require_safe
async def chat_room(request: HttpRequest, room: str) -> HttpResponse:
    """Show a room; whoever is logged in has a name already."""
    if not ROOM_NAME.fullmatch(room):
        raise Http404(
            "There is no such room: a name is up to 80 letters (a to z), digits, "
            "hyphens, full stops and underscores."
        )
    user = await request.auser()
    name = user if user.is_authenticated else ""
    return await sync_to_async(render)(request, "chat/room.html", {"room": room, "name": name})
