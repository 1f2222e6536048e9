from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IngestConfig(AppConfig):
    name = "landgis.ingest"
    verbose_name = _("Files")

    def ready(self) -> None:
        from landgis.changes import redactions
        from landgis.ingest import coordinate_issues, reading_issues, store  # noqa: F401 -- add their kinds

        redactions.add_keeper(redactions.Keeper("kept files", finish=store.take_away))
