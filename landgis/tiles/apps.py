from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TilesConfig(AppConfig):
    name = "landgis.tiles"
    verbose_name = _("Tiles")

    def ready(self) -> None:
        from landgis.changes import followers
        from landgis.tiles.pyramid import TileFollower

        followers.register(TileFollower())
