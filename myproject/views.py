"""The home page."""

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
async def home(request: HttpRequest) -> HttpResponse:
    """Show what this server has to offer."""
    # Templates are files, and may query lazily: both would block the loop.
    return await sync_to_async(render)(request, "myproject/home.html")
