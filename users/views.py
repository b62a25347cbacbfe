"""Async function views over the ORM."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from users.json_bodies import form_errors
from users.models import User
from users.paging import PageForm, apage
from users.services import UserService


@require_safe
async def async_user_list(request: HttpRequest) -> JsonResponse:
    """List people by id: ``{"users": [{"id", "name"}]}``, and ``"next"`` if there are more."""
    form = PageForm(request.GET)
    if not form.is_valid():
        return form_errors(form)
    users, next_page = await apage(User.objects.all(), form)
    more = {"next": request.path + next_page} if next_page else {}
    return JsonResponse(
        {
            "users": [
                {"id": user.pk, "name": getattr(user, "name", user.get_username())}
                for user in users
            ],
            **more,
        }
    )


@require_safe
async def async_user_detail(request: HttpRequest, user_id: int) -> JsonResponse:
    """Show one person: ``{"id", "name", "email"}``, or 404."""
    try:
        user = await UserService().get_user(user_id)
    except User.DoesNotExist:
        return JsonResponse({"detail": f"There is no user {user_id}."}, status=404)
    return JsonResponse(
        {"id": user.pk, "name": getattr(user, "name", user.get_username()), "email": user.email}
    )
