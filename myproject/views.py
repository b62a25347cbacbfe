"""The home page."""

import asyncio

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from external.api import ExternalApiError, external_api
from myproject.catalogue.views import found_patterns
from users.models import User

PEOPLE_SHOWN = 5
PATIENCE = 1.0  # seconds that the home page waits for the outside API


@require_safe
async def home(request: HttpRequest) -> HttpResponse:
    """Show the catalogue, or what of it ``?q=`` finds, and what is alive in this server."""
    people, outside = await asyncio.gather(live_people(), live_outside())
    return await sync_to_async(render_home)(request, {**people, "outside": outside})


async def live_people() -> dict[str, object]:
    """Return the first people, and how many there are."""
    return {
        "people": [person async for person in User.objects.all()[:PEOPLE_SHOWN]],
        "people_count": await User.objects.acount(),
    }


async def live_outside() -> dict[str, object]:
    """Return what the outside API says, or why it says nothing; a page is no place to wait long."""
    try:
        async with asyncio.timeout(PATIENCE):
            return {"data": await external_api.fetch()}
    except TimeoutError:
        return {"error": f"The outside API did not answer within {PATIENCE:g} s."}
    except ExternalApiError as error:
        return {"error": error}


def render_home(request: HttpRequest, live: dict[str, object]) -> HttpResponse:
    """Render the home page. Templates are files, and would block the loop: call it in a thread."""
    return render(request, "myproject/home.html", {**found_patterns(request), **live})
