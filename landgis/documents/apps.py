from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    name = "landgis.documents"
    verbose_name = _("Documents")

    def ready(self) -> None:
        from landgis.catalog import published, registry
        from landgis.changes import redactions
        from landgis.documents import enclosures

        published.register_view("enclosure", enclosures.published_sql)
        redactions.add_keeper(redactions.Keeper("enclosed documents", clean=enclosures.forget_value))
        registry.add_feature_part("documents/_enclosures.html", enclosures.of_feature)
