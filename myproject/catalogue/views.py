"""The catalogue's pages."""

from collections.abc import Iterable
from itertools import groupby

from asgiref.sync import sync_to_async
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from myproject.catalogue.catalogue import UnknownPatternError, get_catalogue
from myproject.catalogue.excerpts import excerpts_of
from myproject.catalogue.new_projects import steps_in_new_project
from myproject.catalogue.patterns import Pattern


@require_safe
async def patterns(request: HttpRequest) -> HttpResponse:
    """Show only the list of the home page, for its script to replace while somebody types."""
    return await sync_to_async(render_list)(request)


@require_safe
async def pattern(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one pattern: its prose, and its code beside its tests."""
    return await sync_to_async(render_pattern)(request, slug)


# Templates and the catalogue are files, and would block the loop: both are read in a thread.


def render_list(request: HttpRequest) -> HttpResponse:
    """Render the list of patterns."""
    return render(request, "catalogue/_list.html", found_patterns(request))


def found_patterns(request: HttpRequest) -> dict[str, object]:
    """Return what ``?q=`` finds, the best first; without it all patterns, by group."""
    catalogue = get_catalogue()
    query = request.GET.get("q", "").strip()
    return {
        "query": query,
        "patterns": catalogue.patterns,
        "groups": by_group(catalogue.patterns),
        "found": catalogue.search(query),
        "tasks": by_group(pattern for pattern in catalogue.patterns if pattern.task),
    }


def by_group(patterns: Iterable[Pattern]) -> list[tuple[str, list[Pattern]]]:
    """Return patterns with the name of their group."""
    groups = groupby(patterns, lambda pattern: pattern.group)
    return [(group, list(members)) for group, members in groups]


def render_pattern(request: HttpRequest, slug: str) -> HttpResponse:
    """Render a pattern's page."""
    try:
        pattern = get_catalogue().find(slug)
    except UnknownPatternError as error:
        raise Http404(str(error)) from None
    return render(request, "catalogue/pattern.html", page_of(pattern))


def page_of(pattern: Pattern) -> dict[str, object]:
    """Return what a pattern's page shows: first one test with what it tests, then the others.

    Where something is cured, the first test of the module shows the error and the last the cure.
    """
    tests = excerpts_of(pattern.test)
    is_cure = pattern.leads and len(tests) > 1
    if not is_cure:
        tests = sorted(tests, key=lambda test: test.source.length)
    production = [] if is_cure else pattern.code[:1]
    return {
        "pattern": pattern,
        "steps": steps_in_new_project(pattern.slug) if pattern.copyable else {},
        "same": get_catalogue().same_message(pattern),
        "first": tests[0] if tests else None,
        "right": tests[-1] if is_cure else None,
        "others": tests[1:-1] if is_cure else tests[1:],
        "production": production,
        "files": [source for source in [pattern.test, *pattern.code] if source not in production],
    }
