"""Forms of the users app."""

from typing import Any

from django import forms
from django.contrib.auth import get_user_model


class InvitationForm(forms.Form):
    """Whom to invite.

    Looks the address up, so in a view it is ``await sync_to_async(form.is_valid)()``.
    """

    address = forms.EmailField()

    def clean_address(self) -> str:
        """Refuse the address of somebody who is here already."""
        address: str = self.cleaned_data["address"]
        model: Any = get_user_model()
        if model.objects.filter(**{f"{model.get_email_field_name()}__iexact": address}).exists():
            raise forms.ValidationError("This person is here already.")
        return address
