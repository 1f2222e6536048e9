"""The pictures that images give of a feature, for its page."""

from django.urls import reverse
from django.utils.translation import get_language

from landgis.catalog.dataset import Dataset
from landgis.catalog.pictures import Picture
from landgis.imagery import queries
from landgis.lib.webmap import Box


def of_feature(dataset: Dataset, ref: str, box: Box) -> list[Picture]:
    """One picture for each month of which an image reaches the box; it tells of the finest of them."""
    address = reverse("pictures:outline", args=[dataset.name, ref])
    found = []
    for mosaic in queries.mosaics(queries.scenes()):
        scene = next((scene for scene in mosaic.scenes if scene.touches(box)), None)
        if scene:
            found.append(
                Picture(
                    # With what makes it another picture: a page and its PDF are others, too, once other ground is shown.
                    url=f"{address}?scene={mosaic.name}&v={mosaic.fingerprint}&lang={get_language()}",
                    acquired_on=scene.acquired_on,
                    source=scene.source,
                    licence=scene.licence,
                    resolution_m=scene.resolution_m,
                    is_made_up=scene.is_made_up,
                )
            )
    return found
