from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlanningConfig(AppConfig):
    name = "landgis.planning"
    verbose_name = _("Land-use planning")

    def ready(self) -> None:
        from landgis.catalog import registry
        from landgis.planning.dataset import PlanningZones

        registry.register(PlanningZones())
