"""The pages of signing in and of one's second factors: the library's views (allauth) with the pages of the house."""

from typing import Any

from allauth.account.views import LoginView
from allauth.mfa.base.views import AuthenticateView, IndexView
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpResponse

from landgis.accounts import factors
from landgis.accounts.adapters import TOO_MANY


class _OfTheHouse:
    """Django's own `site`, an address, would stand before the office that every page names."""

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**more)  # type: ignore[misc]
        context.pop("site", None)
        return context


class SignIn(_OfTheHouse, LoginView):
    def form_invalid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)
        for error in form.errors.as_data().get(NON_FIELD_ERRORS, ()):
            if error.code == TOO_MANY:
                response.status_code = 429
                response["Retry-After"] = str(error.params["seconds"])
        return response


class SecondFactor(_OfTheHouse, AuthenticateView):
    pass


class Factors(IndexView):
    def get_context_data(self, **more: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**more)
        context["is_lacking"] = factors.is_lacking(self.request.user)
        return context
