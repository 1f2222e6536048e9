from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChangesConfig(AppConfig):
    name = "landgis.changes"
    verbose_name = _("Change sets")

    def ready(self) -> None:
        from landgis.catalog import published
        from landgis.changes import (  # noqa: F401 -- two add their kinds
            audit,
            item_storage,
            leaps,
            likenesses,
            log,
            passages,
            redactions,
            withdrawals,
        )

        published.register_view("state", log.states_sql)
        published.register_view("redaction", redactions.published_sql)
        published.register_view("withdrawal", withdrawals.published_sql)
        published.register_view("lineage", passages.published_sql)
        published.register_view("edited_revision", passages.edited_sql)
        redactions.add_keeper(redactions.Keeper("items", finish=lambda _redaction: item_storage.sweep()))
        audit.listen()
