from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from landgis.accounts.models import User


@admin.register(User)
class PersonAdmin(UserAdmin):
    """To look at: people are invited, changed and ended at /officer/people/."""

    fieldsets = (*(UserAdmin.fieldsets or ()), (_("Mail"), {"fields": ("told_of_waiting", "mail_language")}))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


# The library would show secrets of second factors, and tokens; a group by hand would be a role without a territory.
for model in (Group, EmailAddress, Authenticator, SocialAccount, SocialApp, SocialToken):
    if admin.site.is_registered(model):
        admin.site.unregister(model)
