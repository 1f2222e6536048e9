"""The forms of the sign-in, which let nobody try passwords without end."""

import math
from typing import Any

from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.utils.translation import ngettext_lazy

from landgis.accounts import attempts, devices
from landgis.lib.http import client_address

TOO_MANY = "too-many"


class SignInForm(AuthenticationForm):
    """Name and password; whoever has failed too often waits before either is looked at."""

    def clean(self) -> dict[str, Any]:
        name = self.cleaned_data.get("username") or ""
        address = client_address(self.request) if self.request else ""
        device = devices.known(self.request, name) if self.request else ""
        try:
            attempts.begin(name, address, device)
        except attempts.TooManyAttempts as error:
            raise too_many(error.wait_s) from None
        cleaned = super().clean()
        attempts.succeeded(name, address, device)
        if self.request:
            devices.remember(self.request, name)
        return cleaned


def too_many(wait_s: int) -> ValidationError:
    """What whoever guesses is told; the seconds are in `params`."""
    if wait_s < 60:
        text = ngettext_lazy(
            "Too many attempts have failed. Wait %(wait_s)s second, then try again.",
            "Too many attempts have failed. Wait %(wait_s)s seconds, then try again.",
            "wait_s",
        )
    else:
        text = ngettext_lazy(
            "Too many attempts have failed. Wait %(minutes)s minute, then try again.",
            "Too many attempts have failed. Wait %(minutes)s minutes, then try again.",
            "minutes",
        )
    return ValidationError(text, code=TOO_MANY, params={"wait_s": wait_s, "minutes": math.ceil(wait_s / 60)})


class AdminSignInForm(SignInForm, AdminAuthenticationForm):
    """The same at the door of /admin/."""
