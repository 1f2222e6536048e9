"""Addresses of signing in, below /officer/. The names are those by which the library (allauth) finds them."""

from collections.abc import Callable
from typing import Any

from allauth.account import views as account
from allauth.mfa.recovery_codes import views as emergency
from allauth.mfa.totp import views as codes
from allauth.mfa.webauthn import views as passkeys
from allauth.socialaccount import views as others
from django.contrib.auth.views import LogoutView
from django.urls import path, reverse_lazy
from django.views.decorators.cache import never_cache
from django.views.generic import RedirectView

from landgis.accounts import choosing, connected, views
from landgis.lib.parameters import knows

INDEX = reverse_lazy("mfa_index")


def _page(view: Callable[..., Any]) -> Callable[..., Any]:
    """A page that nobody keeps, and that knows where its reader wanted to go."""
    return never_cache(knows("next", is_page=True)(view))


urlpatterns = [
    path("sign-in/", _page(views.SignIn.as_view()), name="account_login"),
    path("sign-in/password/", choosing.choose, name="choose-password"),
    path("sign-in/forgotten/", choosing.forgotten, name="account_reset_password"),
    path("sign-in/second/", _page(views.SecondFactor.as_view()), name="mfa_authenticate"),
    path("sign-in/passkey/", _page(passkeys.login_webauthn), name="mfa_login_webauthn"),
    path("sign-in/ended/", _page(account.account_inactive), name="account_inactive"),
    path(
        "sign-in/oidc/ended/",
        _page(RedirectView.as_view(pattern_name="account_login")),
        name="socialaccount_login_cancelled",
    ),
    path("sign-in/oidc/<slug:provider_id>/", connected.begin, name="openid_connect_login"),
    path("sign-out/", _page(LogoutView.as_view(next_page="account_login")), name="account_logout"),
    path("confirm/password/", _page(account.reauthenticate), name="account_reauthenticate"),
    path("account/password/", _page(account.password_change), name="account_change_password"),
    path(
        "account/password/none/",
        _page(RedirectView.as_view(pattern_name="account_reset_password")),
        name="account_set_password",
    ),
    path("account/connected/", _page(others.connections), name="socialaccount_connections"),
    path("account/factors/", _page(views.Factors.as_view()), name="mfa_index"),
    path("account/factors/codes/", _page(codes.activate_totp), name="mfa_activate_totp"),
    path("account/factors/codes/remove/", _page(codes.deactivate_totp), name="mfa_deactivate_totp"),
    path("account/factors/emergency/", _page(emergency.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "account/factors/emergency/new/", _page(emergency.generate_recovery_codes), name="mfa_generate_recovery_codes"
    ),
    path("account/factors/passkeys/", _page(passkeys.add_webauthn), name="mfa_add_webauthn"),
    path(
        "account/factors/passkeys/<int:pk>/remove/",
        _page(passkeys.RemoveWebAuthnView.as_view(success_url=INDEX)),
        name="mfa_remove_webauthn",
    ),
]
