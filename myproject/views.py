"""The home page and the pattern catalogue's pages."""

import asyncio
from itertools import groupby

from asgiref.sync import sync_to_async
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from external.api import ExternalApiError, external_api
from myproject.catalogue import UnknownPatternError, get_catalogue
from users.models import User

PEOPLE_SHOWN = 5
PATIENCE = 1.0  # seconds that the home page waits for the outside API


@require_safe
async def home(request: HttpRequest) -> HttpResponse:
    """Show the catalogue, or what of it ``?q=`` finds, and what is alive in this server."""
    people, outside = await asyncio.gather(live_people(), live_outside())
    return await sync_to_async(render_home)(request, {**people, "outside": outside})


@require_safe
async def patterns(request: HttpRequest) -> HttpResponse:
    """Show only the list of the home page, for its script to replace while somebody types."""
    return await sync_to_async(render_list)(request)


@require_safe
async def pattern(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one pattern: its prose, and its code beside its tests."""
    return await sync_to_async(render_pattern)(request, slug)


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
        return {"error": str(error)}


# Templates and the catalogue are files, and would block the loop: both are read in a thread.


def render_home(request: HttpRequest, live: dict[str, object]) -> HttpResponse:
    """Render the home page."""
    return render(request, "myproject/home.html", {**found_patterns(request), **live})


def render_list(request: HttpRequest) -> HttpResponse:
    """Render the list of patterns."""
    return render(request, "myproject/_list.html", found_patterns(request))


def found_patterns(request: HttpRequest) -> dict[str, object]:
    """Return the patterns that ``?q=`` finds, by group."""
    query = request.GET.get("q", "")
    found = get_catalogue().search(query)
    groups = groupby(found, lambda pattern: pattern.group)
    return {
        "query": query,
        "patterns": get_catalogue().patterns,
        "found": found,
        "groups": [(group, list(members)) for group, members in groups],
    }


def render_pattern(request: HttpRequest, slug: str) -> HttpResponse:
    """Render a pattern's page."""
    try:
        pattern = get_catalogue().find(slug)
    except UnknownPatternError as error:
        raise Http404(str(error)) from None
    return render(request, "myproject/pattern.html", {"pattern": pattern})
