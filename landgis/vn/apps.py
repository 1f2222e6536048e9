from pathlib import Path

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from landgis.vn import register


class VnConfig(AppConfig):
    name = "landgis.vn"
    label = "vn"
    verbose_name = _("Vietnam")

    def ready(self) -> None:
        from landgis.ingest import drawings, headings, mistakes
        from landgis.vn import abbreviations, codes, parcels, search

        register()
        mistakes.register_file(Path(__file__).with_name("mistakes.toml"))
        drawings.register_file(Path(__file__).with_name("drawings.toml"))
        headings.register_file(Path(__file__).with_name("headings.toml"))
        codes.register()
        abbreviations.register()
        parcels.register()
        search.register()
