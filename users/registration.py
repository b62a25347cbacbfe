"""Registering as JSON: one transaction, and a welcome that is sent when it has committed."""

from typing import Any

from asgiref.sync import sync_to_async
from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from users.json_bodies import form_errors, json_object

User: Any = get_user_model()


class RegistrationForm(forms.ModelForm):
    """What it takes to register: what the user model logs in by, an address, and a password."""

    password = forms.CharField(max_length=4096, strip=False, validators=[validate_password])

    class Meta:
        model = User
        fields = {User.USERNAME_FIELD, User.get_email_field_name()}


@require_POST
async def register(request: HttpRequest) -> HttpResponse:
    """Create a user who may log in: ``{"id"}``, or what is wrong, by field."""
    form = RegistrationForm(json_object(request))
    user = await sync_to_async(register_user)(form)
    if user is None:
        return form_errors(form)
    return JsonResponse({"id": user.pk}, status=201)


def register_user(form: RegistrationForm) -> Any | None:
    """Store the user as a member, and welcome them; None if the form has errors."""
    # Sync, from validation (which looks for the name in the database) to commit: there is no async
    # `atomic`, and this costs one thread hop.
    if not form.is_valid():
        return None
    # Slow on purpose, and so before the transaction, which keeps others waiting.
    hashed = make_password(form.cleaned_data.pop("password"))
    try:
        with transaction.atomic():
            user = User.objects.create_user(**form.cleaned_data)
            user.password = hashed
            user.save()
            members, _ = Group.objects.get_or_create(name="members")
            user.groups.add(members)
            # Robust: a mail server that is away is logged, and keeps nobody from registering. No
            # `partial`: before 6.1, Django asks for a name when it logs the error.
            transaction.on_commit(lambda: welcome(user), robust=True)
    except IntegrityError:  # somebody was faster by a millisecond
        form.add_error(User.USERNAME_FIELD, "Somebody has this already.")
        return None
    return user


def welcome(user: Any) -> None:
    """Write to somebody who has registered."""
    address = getattr(user, user.get_email_field_name())
    send_mail("Welcome", f"You can log in as {user.get_username()}.", None, [address])
