from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PublicLandConfig(AppConfig):
    name = "landgis.publicland"
    verbose_name = _("Public land")

    def ready(self) -> None:
        from landgis.catalog import registry
        from landgis.publicland.dataset import PublicLand

        registry.register(PublicLand())
