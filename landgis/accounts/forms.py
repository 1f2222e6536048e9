"""The forms of the sign-in, which let nobody try passwords without end."""

from typing import Any

from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from landgis.accounts import attempts
from landgis.lib.http import client_address

TOO_MANY = "too-many"


class SignInForm(AuthenticationForm):
    """Name and password; after too many attempts that failed neither is looked at."""

    def clean(self) -> dict[str, Any]:
        name = self.cleaned_data.get("username") or ""
        address = client_address(self.request) if self.request else ""
        try:
            attempts.begin(name, address)
        except attempts.TooManyAttempts:
            raise ValidationError(
                _("Too many attempts have failed. Wait %(minutes)s minutes, then try again."),
                code=TOO_MANY,
                params={"minutes": attempts.WITHIN.seconds // 60},
            ) from None
        cleaned = super().clean()
        attempts.succeeded(name, address)
        return cleaned


class AdminSignInForm(SignInForm, AdminAuthenticationForm):
    """The same at the door of /admin/."""
