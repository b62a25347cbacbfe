"""The views of the sync twin."""

import httpx2
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, JsonResponse
from django.urls import path

wsgi = get_wsgi_application()

# Models need the apps, and those need the line above.
from users.models import User  # noqa: E402
from users.paging import LIMIT, PageForm  # noqa: E402

client = httpx2.Client()


def user_list(request: HttpRequest) -> JsonResponse:
    """List the first page of people."""
    form = PageForm(request.GET)
    form.is_valid()
    after, limit = form.cleaned_data["after"] or 0, form.cleaned_data["limit"] or LIMIT
    users = list(User.objects.filter(pk__gt=after).order_by("pk")[: limit + 1])[:limit]
    return JsonResponse({"users": [{"id": user.pk, "name": user.name} for user in users]})


def external(request: HttpRequest) -> JsonResponse:
    """Pass on what the outside API says."""
    return JsonResponse(client.get(settings.EXTERNAL_API_URL).json())


urlpatterns = [path("api/users/", user_list), path("api/external/", external)]
