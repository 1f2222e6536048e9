"""What the library of the sign-in (allauth) asks the house: how often somebody may try, and who may come in at all.

Whoever guesses waits, longer each time: failures are counted in the database's cache, which all web processes share, for
one name from one address and for one address over all names. A device from which somebody has signed in before is counted by itself, so
that no stranger shuts its owner out, whatever address they share; a passkey is never counted. Neither names nor
addresses are kept, only what can be compared with them.
"""

import math
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import unstash_login
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from landgis.accounts import devices, factors
from landgis.lib import statements
from landgis.lib.http import client_address

TOO_MANY = "too-many"
WAIT_S = 300  # of what is not counted one by one
FREE_OF_A_PAIR = 5
APP, ACTION = "allauth.account", "login_failed"


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("Name or password is not right. Capital and small letters differ."),
        "too_many_login_attempts": _("Too many attempts have failed. Wait, then try again: each time it takes longer."),
        "rate_limited": _("Too many attempts have failed. Wait, then try again: each time it takes longer."),
        "incorrect_password": _("The password is not right."),
        "enter_current_password": _("The password is not right."),
    }

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """Whoever tried a second factor too often is told for how many minutes to wait, too."""
        trying = unstash_login(self.request, peek=True) if code == "too_many_login_attempts" else None
        if trying is None or trying.user is None:
            return super().validation_error(code, *args)
        rates = settings.ACCOUNT_RATE_LIMITS[ACTION]
        return too_many(_wait_s(self.request, rates, f"mfa-auth-user-{trying.user.pk}"))

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People are invited."""
        return False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("workbench:account")

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count an attempt, before it is looked at. Raises ValidationError where it has to wait."""
        statements.execute("DELETE FROM accounts_counter WHERE expires < now()", [])
        name = str(credentials.get("username", "")).casefold()
        device = devices.known(request, name)
        rates = settings.ACCOUNT_RATE_LIMITS["login_failed"]
        if device:
            rates = ",".join(rate for rate in rates.split(",") if rate.endswith("/key"))
        config, key = {ACTION: rates}, f"{name} {device or 'at ' + client_address(request)}"
        self._login_failed_rl_usage = ratelimit.consume(request, app=APP, action=ACTION, config=config, key=key)
        if not self._login_failed_rl_usage:
            raise too_many(_wait_s(request, rates, key))

    def add_message(
        self, request: HttpRequest, level: int, message_template: Any = None, *args: Any, **more: Any
    ) -> None:
        """Only what went wrong is told: what was done is seen on the page that follows."""
        if message_template is None:
            super().add_message(request, level, message_template, *args, **more)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Mails of the house are written elsewhere, and go through its queue."""


class FactorAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This code is not right, or has been used already. Wait for the next one."),
        "cannot_delete_authenticator": _(
            "Your role demands a second factor: add another one before you remove this one."
        ),
    }

    def get_totp_label(self, user: Any) -> str:
        return str(user.get_username())

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        """Not the last one of somebody whose role demands it."""
        return not factors.is_needed(authenticator.user) or factors.has_other(authenticator)


class OtherAccountAdapter(DefaultSocialAccountAdapter):
    """People of an identity provider."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Only who has an account here, and has connected it, comes in by it."""
        return False


def too_many(seconds: int) -> ValidationError:
    """What whoever guesses is told."""
    minutes = -(-seconds // 60)
    text = ngettext(
        "Too many attempts have failed. Wait %(minutes)s minute, then try again: each time it takes longer.",
        "Too many attempts have failed. Wait %(minutes)s minutes, then try again: each time it takes longer.",
        minutes,
    )
    return ValidationError(text % {"minutes": minutes}, code=TOO_MANY, params={"seconds": seconds})


def _wait_s(request: HttpRequest, rates: str, key: str) -> int:
    """After how many seconds the next attempt is looked at."""
    now, waits = ratelimit.time.time(), [1.0]
    for rate in ratelimit.parse_rates(rates):
        kept = cache.get(ratelimit.get_cache_key(request, app=APP, action=ACTION, rate=rate, key=key), [])
        if len(kept) >= rate.amount:  # the newest stands first
            waits.append(kept[rate.amount - 1] + rate.duration - now)
    return math.ceil(max(waits))
