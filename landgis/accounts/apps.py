from django.apps import AppConfig
from django.contrib.admin import apps as admin
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "landgis.accounts"
    verbose_name = _("People")


class AdminSiteConfig(admin.AdminConfig):
    """Django's admin with our site."""

    default = False
    default_site = "landgis.accounts.site.Site"
