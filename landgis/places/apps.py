from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlacesConfig(AppConfig):
    name = "landgis.places"
    verbose_name = _("Places")

    def ready(self) -> None:
        from landgis.catalog import registry
        from landgis.places.dataset import AdminUnits

        registry.register(AdminUnits())
