"""Background work: image tiles that were cut do not fill the disk."""

from landgis.imagery import kept_tiles
from landgis.imagery.queries import scenes
from landgis.lib.schedule import periodic


@periodic(cron="17 * * * *")
def sweep_image_tiles() -> None:
    """Each hour."""
    kept_tiles.sweep(scenes())
