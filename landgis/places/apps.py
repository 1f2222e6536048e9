from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlacesConfig(AppConfig):
    name = "landgis.places"
    verbose_name = _("Places")

    def ready(self) -> None:
        from landgis.catalog import registry
        from landgis.changes import territories
        from landgis.places.dataset import AdminUnits
        from landgis.places.territories import PlacesBook

        registry.register(AdminUnits())
        territories.fill(PlacesBook())
