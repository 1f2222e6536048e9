from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.utils.translation import gettext_lazy as _

from landgis.accounts.models import User


@admin.register(User)
class PersonAdmin(UserAdmin):
    """Django's own, with the mail address where a person is made, and what is written to it."""

    add_fieldsets = (*UserAdmin.add_fieldsets, (None, {"fields": ("email",)}))
    fieldsets = (*(UserAdmin.fieldsets or ()), (_("Mail"), {"fields": ("told_of_waiting", "mail_language")}))


# The library would show secrets of second factors, and tokens.
for model in (EmailAddress, Authenticator, SocialAccount, SocialApp, SocialToken):
    if admin.site.is_registered(model):
        admin.site.unregister(model)
