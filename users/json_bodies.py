"""JSON bodies, validated by Django's own forms."""

import json
from typing import Any

from django import forms
from django.core.exceptions import BadRequest
from django.http import HttpRequest, JsonResponse


def json_object(request: HttpRequest) -> dict[str, Any]:
    """Return the JSON object in the body, as data for a form.

    Raises:
        BadRequest: The body is no such thing; Django answers 400.
    """
    try:
        data = json.loads(request.body)
        # JSON can escape half a surrogate pair, which no database takes and no hash.
        json.dumps(data, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        raise BadRequest("The body is not a JSON object in UTF-8.")
    return data


def form_errors(form: forms.BaseForm) -> JsonResponse:
    """Answer with what is wrong, by field: ``{"email": ["This field is required."]}``."""
    return JsonResponse(form.errors, status=400)
