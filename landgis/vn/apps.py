from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from landgis.vn import register


class VnConfig(AppConfig):
    name = "landgis.vn"
    label = "vn"
    verbose_name = _("Vietnam")

    def ready(self) -> None:
        from landgis.catalog import ground
        from landgis.changes import tolerances
        from landgis.ingest import drawings, headings, mistakes
        from landgis.vn import HERE, abbreviations, codes, parcels, search

        register()
        tolerances.register_file(HERE / "tolerances.toml")
        mistakes.register_file(HERE / "mistakes.toml")
        drawings.register_file(HERE / "drawings.toml")
        headings.register_file(HERE / "headings.toml")
        codes.register()
        abbreviations.register()
        ground.register_names(HERE / "ground.toml")
        parcels.register()
        search.register()
