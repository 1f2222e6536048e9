from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChangesConfig(AppConfig):
    name = "landgis.changes"
    verbose_name = _("Change sets")

    def ready(self) -> None:
        from landgis.catalog import published
        from landgis.changes import audit, log

        published.register_view("state", log.states_sql)
        audit.listen()
