"""A page with a form: invite somebody by e-mail."""

import logging

from asgiref.sync import sync_to_async
from django.contrib.auth.decorators import login_required
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from users.emails import asend
from users.forms import InvitationForm

logger = logging.getLogger(__name__)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
async def invite(request: HttpRequest) -> HttpResponse:
    """Show the form; send the invitation, and redirect, so that a reload sends no other."""
    form = InvitationForm(request.POST if request.method == "POST" else None)
    # It asks the database, in a thread; the form is shown in one too, for a template is a file.
    if await sync_to_async(form.is_valid)():
        try:
            await asend(invitation(request, form.cleaned_data["address"]))
        except OSError:
            logger.exception("An invitation was not sent.")
            form.add_error(None, "The mail server cannot be reached. Try again later.")
        else:
            return redirect("invite")
    status = 400 if form.errors else 200
    return await sync_to_async(render)(request, "users/invite.html", {"form": form}, status=status)


def invitation(request: HttpRequest, address: str) -> EmailMessage:
    """Return the message."""
    link = request.build_absolute_uri("/")
    return EmailMessage("You are invited", f"Come and have a look: {link}", to=[address])
