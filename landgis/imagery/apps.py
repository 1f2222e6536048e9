from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImageryConfig(AppConfig):
    name = "landgis.imagery"
    verbose_name = _("Imagery")

    def ready(self) -> None:
        from landgis.catalog import published
        from landgis.changes import words
        from landgis.imagery import queries
        from landgis.imagery.basemap import queries as basemap

        published.register_view("scene", queries.PUBLISHED)
        published.register_view("base_map", basemap.PUBLISHED)
        words.add_verbs({"scene.add": _("scene added"), "scene.withdraw": _("scene withdrawn")})
        words.add_verbs({"basemap.add": _("base map added"), "basemap.withdraw": _("base map withdrawn")})
