"""Async function views over the ORM."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from users.models import User
from users.services import UserService


@require_safe
async def async_user_list(request: HttpRequest) -> JsonResponse:
    """List everybody: ``{"users": [{"id", "name"}]}``."""
    users = [user async for user in User.objects.all()]
    return JsonResponse({"users": [{"id": user.pk, "name": user.name} for user in users]})


@require_safe
async def async_user_detail(request: HttpRequest, user_id: int) -> JsonResponse:
    """Show one person: ``{"id", "name", "email"}``, or 404."""
    try:
        user = await UserService().get_user(user_id)
    except User.DoesNotExist:
        return JsonResponse({"detail": f"There is no user {user_id}."}, status=404)
    return JsonResponse({"id": user.pk, "name": user.name, "email": user.email})
