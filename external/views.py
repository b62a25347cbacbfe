"""Views that await outside APIs."""

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.views.decorators.http import require_GET, require_safe

from external.api import ExternalApiError, ExternalApiTimeoutError, external_api
from external.caching import SharedAnswers
from external.gathering import gather_answers
from external.streaming import EventStream, external_stream

shared_answers = SharedAnswers(
    # Not the method itself: what a test puts in its place should be called.
    lambda url: external_api.fetch(url),
    seconds=settings.EXTERNAL_API_CACHE_SECONDS,
)


@require_safe
async def fetch_external_data(request: HttpRequest) -> JsonResponse:
    """Pass on what the outside API says; 504 if it says nothing in time, 502 if nothing usable."""
    try:
        data = await external_api.fetch()
    except ExternalApiError as error:
        return bad_gateway(error)
    return JsonResponse(data)


@require_safe
async def fetch_all_external_data(request: HttpRequest) -> JsonResponse:
    """Pass on what each of several APIs says, or what is wrong with it; 502 if none is usable."""
    answers = await gather_answers(external_api.fetch, settings.EXTERNAL_API_URLS)
    usable = any("data" in answer for answer in answers.values())
    return JsonResponse(answers, status=200 if usable else 502)


@require_safe
async def cached_external_data(request: HttpRequest) -> JsonResponse:
    """Pass on what the outside API said some seconds ago; however many ask, it is asked once."""
    try:
        data = await shared_answers.get(settings.EXTERNAL_API_URL)
    except ExternalApiError as error:
        return bad_gateway(error)
    return JsonResponse(data)


@require_GET
async def stream_external_data(request: HttpRequest) -> HttpResponseBase:
    """Pass on the outside API's server-sent events."""
    try:
        return EventStream(await external_stream.open())
    except ExternalApiError as error:
        return bad_gateway(error)


def bad_gateway(error: ExternalApiError) -> JsonResponse:
    """Say what went wrong out there: 504 for too late, 502 for the rest."""
    status = 504 if isinstance(error, ExternalApiTimeoutError) else 502
    return JsonResponse({"detail": str(error)}, status=status)
