"""A request that sets off work, and does not wait for it."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_POST

from users.tasks import send_export


@login_required
@require_POST
async def export(request: HttpRequest) -> JsonResponse:
    """Have people sent what is stored about them."""
    user: Any = await request.auser()
    # No transaction is open here. Where one is, `transaction.on_commit` has to enqueue instead.
    await send_export.aenqueue(user.pk)
    return JsonResponse({"detail": "You will get an e-mail."}, status=202)
