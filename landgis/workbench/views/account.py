"""The page of one's own account: which mails one gets."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from landgis.accounts.models import User
from landgis.changes.scopes import DECIDE
from landgis.lib.parameters import knows
from landgis.workbench.people import HAVE_ACCOUNT, OfficerRequest, signed_in


class AccountForm(forms.ModelForm):
    """What people choose themselves; their address is the administrator's to set."""

    class Meta:
        model = User
        fields = ("told_of_waiting", "mail_language")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(*HAVE_ACCOUNT)
@knows(is_page=True)
def account(request: OfficerRequest) -> HttpResponse:
    """GET /officer/account/ shows the address and the wishes; POST changes the wishes."""
    form = AccountForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("It is noted."))
        return HttpResponseRedirect(reverse("workbench:account"))
    context = {"form": form, "is_approver": any(request.user.has_role(role) for role in DECIDE)}
    return render(request, "workbench/account.html", context, status=400 if form.errors else 200)
