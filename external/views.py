"""A view that awaits an outside API."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from external.api import ExternalApiError, ExternalApiTimeoutError, external_api


@require_safe
async def fetch_external_data(request: HttpRequest) -> JsonResponse:
    """Pass on what the outside API says; 504 if it says nothing in time, 502 if nothing usable."""
    try:
        data = await external_api.fetch()
    except ExternalApiTimeoutError as error:
        return JsonResponse({"detail": str(error)}, status=504)
    except ExternalApiError as error:
        return JsonResponse({"detail": str(error)}, status=502)
    return JsonResponse(data)


@require_safe
async def upstream(request: HttpRequest) -> JsonResponse:
    """Stand in for an outside API, so that the demo needs no network (and no key)."""
    return JsonResponse({"source": "the upstream that ships with this project", "up": True})
