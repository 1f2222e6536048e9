from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    name = "landgis.pages"
    verbose_name = _("Pages")

    def ready(self) -> None:
        from landgis.pages.checks import datasets_have_their_addresses

        checks.register(datasets_have_their_addresses)
