"""Forms of the sign-in, where the library's are not enough."""

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import TOTP


class FirstCodeForm(ActivateTOTPForm):
    """The code that sets up an app of codes is a code like others: it is taken once, and not again at the sign-in."""

    def clean_code(self) -> Any:
        code = super().clean_code()
        if not TOTP(Authenticator(user=self.user))._mark_code_used(code):
            raise get_adapter().validation_error("incorrect_code")
        return code
