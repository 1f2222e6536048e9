from django.apps import AppConfig
from django.contrib.admin import apps as admin
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "landgis.accounts"
    verbose_name = _("People")

    def ready(self) -> None:
        from allauth.mfa.signals import authenticator_added, authenticator_removed
        from django.contrib.auth.signals import user_logged_in

        from landgis.accounts import devices, factors, idle, links
        from landgis.mail import purposes

        for one in links.MAILS:
            purposes.register(one)
        user_logged_in.connect(devices.remember)
        user_logged_in.connect(idle.begin)
        authenticator_added.connect(factors.keep_only_this_session)
        authenticator_removed.connect(factors.keep_only_this_session)


class AdminSiteConfig(admin.AdminConfig):
    """Django's admin with our site."""

    default = False
    default_site = "landgis.accounts.site.Site"
