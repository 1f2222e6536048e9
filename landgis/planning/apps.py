from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlanningConfig(AppConfig):
    name = "landgis.planning"
    verbose_name = _("Land-use planning")

    def ready(self) -> None:
        from landgis.catalog import codelists, registry
        from landgis.planning.dataset import PlanningZones
        from landgis.planning.meanings import CODES
        from landgis.planning.models import PlanState

        codelists.register("plan-state", dict(PlanState.choices), CODES["plan-state"])
        registry.register(PlanningZones())
