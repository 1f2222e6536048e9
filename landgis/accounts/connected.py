"""Signing in by an identity provider (OpenID Connect): the library's round trip, of which we believe less.

What it brings back is believed only with a signature of the provider, for us, in time, and as the answer to this very
question (nonce); and only of somebody who has an account here and has connected it while signed in.
"""

import secrets
from typing import Any
from urllib.parse import urlencode

from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from landgis.lib.parameters import knows

NONCE = "oidc_nonce"


class _Provider(OpenIDConnectOAuth2Adapter):
    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        """Raises OAuth2Error where the provider says nothing that can be believed."""
        self.did_fetch_access_token = False  # or the signature would not be looked at
        asked = request.session.pop(NONCE, None)
        told = self._decode_id_token(app, kwargs["response"].get("id_token") or "")
        if lacking := {"sub", "exp", "nonce"} - told.keys():
            raise OAuth2Error(f"The answer says nothing of {', '.join(sorted(lacking))}.")
        if not asked or not secrets.compare_digest(str(told.get("nonce", "")), asked):
            raise OAuth2Error("The answer is to another question.")
        return self.get_provider().sociallogin_from_response(request, {"id_token": told})


@require_POST
@never_cache
@knows("next", is_page=True)
def begin(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """On to the identity provider; `process` connect in the form connects it with whoever is signed in."""
    nonce = request.session[NONCE] = secrets.token_urlsafe(24)
    query = request.GET.copy()
    query["auth_params"] = urlencode({"nonce": nonce})
    request.GET = query  # type: ignore[assignment]
    return _view(OAuth2LoginView, request, provider_id)


@require_safe
@never_cache
@knows("code", "state", "error", "error_description", "error_uri", "iss", "session_state", is_page=True)
def back(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Back from the identity provider."""
    return _view(OAuth2CallbackView, request, provider_id)


def _view(kind: Any, request: HttpRequest, provider_id: str) -> HttpResponseBase:
    adapter = _Provider(request, provider_id)
    try:
        adapter.get_provider()
    except SocialApp.DoesNotExist:
        raise Http404 from None
    answer: HttpResponseBase = kind.adapter_view(adapter)(request)
    return answer
