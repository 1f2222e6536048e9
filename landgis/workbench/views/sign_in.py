"""Signing in and out."""

from typing import Any

from django.contrib.auth.views import LoginView, LogoutView
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from landgis.accounts.forms import TOO_MANY, SignInForm


@method_decorator(never_cache, name="dispatch")
class SignIn(LoginView):
    template_name = "workbench/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_default_redirect_url(self) -> str:
        return reverse("workbench:list")

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        context = super().get_context_data(**more)
        # Django's own `site`, an address, would stand before the office that every page names.
        del context["site"]
        return context

    def form_invalid(self, form: Any) -> HttpResponse:
        if not form.has_error(NON_FIELD_ERRORS, TOO_MANY):
            return super().form_invalid(form)
        response = self.render_to_response(self.get_context_data(form=form, too_many=True), status=429)
        (error,) = form.non_field_errors().as_data()
        response["Retry-After"] = str(error.params["wait_s"])
        return response


@method_decorator(never_cache, name="dispatch")
class SignOut(LogoutView):
    def get_success_url(self) -> str:
        return reverse("workbench:sign-in")
