"""Choosing a password: by a link of a mail, and asking for such a mail."""

from typing import Any

from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.forms import SetPasswordForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from landgis.accounts import links
from landgis.accounts.adapters import WAIT_S
from landgis.lib.parameters import knows


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@knows("person", "token", is_page=True)
def choose(request: HttpRequest) -> HttpResponse:
    """GET shows the rules and the form, or 410 where the link has ended; POST keeps the password and ends the link."""
    person = links.person_of(request.GET.get("person", ""), request.GET.get("token", ""))
    if person is None:
        return render(request, "accounts/link_ended.html", status=410)
    form: SetPasswordForm[Any] = SetPasswordForm(person, request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("The password is kept. Sign in with it."))
        return HttpResponseRedirect(reverse("account_login"))
    return render(request, "accounts/choose.html", {"form": form, "person": person}, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@knows(is_page=True)
def forgotten(request: HttpRequest) -> HttpResponse:
    """GET asks for name or address; POST answers the same whether there is such an account or not."""
    written = request.POST.get("name", "").strip()[:254]
    if request.method != "POST" or not written:
        return render(request, "accounts/forgotten.html", status=400 if request.method == "POST" else 200)
    usage = ratelimit.consume(
        request,
        app="allauth.account",
        action="forgotten",
        config={"forgotten": settings.ACCOUNT_RATE_LIMITS["forgotten"]},
        key=written.casefold(),
    )
    if usage is None:
        response = render(request, "accounts/forgotten.html", {"is_too_much": True}, status=429)
        response["Retry-After"] = str(WAIT_S)
        return response
    links.forgotten(written)
    return render(request, "accounts/forgotten.html", {"is_sent": True})
