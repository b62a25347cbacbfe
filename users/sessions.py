"""Log in, log out and "me" as JSON, for a client that keeps cookies.

These are plain Django views, so the CSRF check covers them, logging in included: a client fetches
``/api/me/`` first, and sends the cookie's token back as ``X-CSRFToken`` with every POST.
"""

from hashlib import sha256
from typing import Any

from asgiref.sync import sync_to_async
from django import forms
from django.contrib.auth import alogin, alogout, authenticate, get_permission_codename
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.views.decorators.http import require_POST, require_safe

from users.json_bodies import form_errors, json_object

ATTEMPTS, SECONDS = 5, 60


class LoginForm(forms.Form):
    """What it takes to log in; the username is whatever the user model logs in by."""

    username = forms.CharField(max_length=254)
    password = forms.CharField(max_length=4096, strip=False)


@require_POST
async def log_in(request: HttpRequest) -> HttpResponse:
    """Log in with ``{"username", "password"}``; the answer is that of "me"."""
    form = LoginForm(json_object(request))
    if not form.is_valid():  # looks nothing up, so it may be called in the event loop
        return form_errors(form)
    attempts = attempts_key(request, form.cleaned_data["username"])
    if await add_attempt(attempts) > ATTEMPTS:
        detail = {"detail": "Too many attempts. Try again in a minute."}
        return JsonResponse(detail, status=429, headers={"Retry-After": SECONDS})
    # In a thread, all of it: before Django 6.1, `aauthenticate` hashes the password for a name that
    # nobody has in the event loop, and everybody waits.
    user = await sync_to_async(authenticate)(request, **form.cleaned_data)
    if user is None:  # who does not exist, or is not active, gets the same answer
        return JsonResponse({"detail": "Wrong username or password."}, status=400)
    await cache.adelete(attempts)
    await alogin(request, user)  # changes the session's key, and the CSRF token
    return JsonResponse(await describe(user))


@require_POST
async def log_out(request: HttpRequest) -> HttpResponse:
    """End the session, also one that nobody is logged in to."""
    await alogout(request)
    return HttpResponse(status=204)


@require_safe
async def me(request: HttpRequest) -> HttpResponse:
    """Tell who is logged in, or 403; either way, with a cookie that holds the CSRF token."""
    get_token(request)
    user = await request.auser()
    if not user.is_authenticated:
        return JsonResponse({"detail": "You are not logged in."}, status=403)
    return JsonResponse(await describe(user))


async def describe(user: Any) -> dict[str, Any]:
    """Return what a user is told about themselves."""
    may_add = f"{user._meta.app_label}.{get_permission_codename('add', user._meta)}"
    return {
        "id": user.pk,
        "username": user.get_username(),
        "may_add_users": await user.ahas_perm(may_add),
    }


def attempts_key(request: HttpRequest, username: str) -> str:
    """Return the cache's key for the attempts at a username, which is hashed: it may be anything.

    The address is part of it, or anybody could lock another's account.
    """
    name = sha256(username.casefold().encode()).hexdigest()
    return f"log-in:{request.META.get('REMOTE_ADDR')}:{name}"


@sync_to_async
def add_attempt(key: str) -> int:
    """Count an attempt before it is made, so that many at the same time are counted, too."""
    # Sync, for until Django 6.1 `aincr` counts less than there are, and resets the expiry.
    cache.add(key, 0, SECONDS)
    try:
        return cache.incr(key)
    except ValueError:  # it has expired in between
        return 1
