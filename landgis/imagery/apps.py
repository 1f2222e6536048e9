from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImageryConfig(AppConfig):
    name = "landgis.imagery"
    verbose_name = _("Imagery")

    def ready(self) -> None:
        from landgis.catalog import published
        from landgis.changes import words
        from landgis.imagery.queries import PUBLISHED

        published.register_view("scene", PUBLISHED)
        words.add_verbs({"scene.add": _("scene added"), "scene.withdraw": _("scene withdrawn")})
