"""Pages for people who are logged in: one as a class, one as a function."""

from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.decorators import classonlymethod
from django.views import View
from django.views.decorators.http import require_safe


class LoginRequired:
    """Mixed into a class-based view, sync or async: send visitors to the login page.

    Django's ``LoginRequiredMixin`` does it in a sync ``dispatch``, which an async view cannot have.
    Its ``login_required`` knows both kinds of view, and what ``as_view`` returns is one.
    """

    @classonlymethod
    def as_view(cls, **initkwargs: Any) -> Any:  # noqa: N805 - it is a class method
        """Return the view, decorated."""
        return login_required(super().as_view(**initkwargs))  # type: ignore[misc]


class AccountPage(LoginRequired, View):
    """Show people their account."""

    async def get(self, request: HttpRequest) -> HttpResponse:
        """Render the page, in a thread: a template is a file."""
        user = await request.auser()
        return await sync_to_async(render)(request, "users/account.html", {"person": user})


@login_required
@require_safe
async def account_data(request: HttpRequest) -> JsonResponse:
    """Give people what is known about them: ``{"username", "groups"}``."""
    user: Any = await request.auser()
    groups = [group.name async for group in user.groups.all()]
    return JsonResponse({"username": user.get_username(), "groups": groups})
