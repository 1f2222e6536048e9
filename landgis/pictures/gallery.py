"""The pictures that images give of a feature, for its page, and what is to be said of the images under a map."""

from collections.abc import Sequence

from django.http import Http404
from django.urls import reverse
from django.utils.translation import get_language

from landgis.catalog.dataset import Dataset
from landgis.catalog.pictures import SMALL, GroundSight, Picture
from landgis.imagery import basemaps, queries
from landgis.imagery.sights import SceneSight, days_text
from landgis.lib.webmap import Box, metres
from landgis.pictures.parameters import chosen


def of_feature(dataset: Dataset, ref: str, box: Box) -> list[Picture]:
    """One picture for each month of which an image is seen in the box, from that on which maps show at first; it tells of
    the image that fills the most of the box."""
    address = reverse("pictures:outline", args=[dataset.name, ref])
    scenes = queries.scenes()
    sight = SceneSight(scenes, (*metres(*box[:2]), *metres(*box[2:])))
    mosaics = queries.mosaics(scenes)
    usual = queries.usual(mosaics)
    found = []
    for mosaic in mosaics[mosaics.index(usual) :] if usual else []:
        seen = sight.of(mosaic)
        if not any(one.scene.month == mosaic.name for one in seen):
            continue  # an earlier month shows the same
        scene = max(seen, key=lambda one: one.share).scene
        found.append(
            Picture(
                # With what makes it another picture: a page and its PDF are others, too, once other ground is shown.
                url=f"{address}?scene={mosaic.name}&v={mosaic.fingerprint}&lang={get_language()}",
                acquired_on=scene.acquired_on,
                days=days_text(one.scene for one in seen),
                source=scene.source,
                licence=scene.licence,
                resolution_m=scene.resolution_m,
                is_made_up=any(one.scene.is_made_up for one in seen),
            )
        )
    return found


def small_ones(dataset: Dataset, refs: Sequence[str]) -> dict[str, str]:
    """Addresses of the features outlined on what maps show at first, by their refs; without letters, so of no language."""
    usual = queries.usual(queries.mosaics(queries.scenes()))
    if usual is None or not dataset.geometry:
        return {}
    size = f"width={2 * SMALL[0]}&height={2 * SMALL[1]}&v={usual.fingerprint}"
    return {ref: f"{reverse('pictures:outline', args=[dataset.name, ref])}?{size}" for ref in refs}


def sight_of(choice: str | None, box: Box) -> GroundSight | None:
    """What is seen in a box (degrees) of the choice of a reader; None where that is no ground of ours."""
    if choice in basemaps.by_name():
        return None
    try:
        mosaic, base_map = chosen(choice or "")
    except Http404:
        return None
    credit = base_map.attribution if base_map else ""
    if mosaic is None:
        return GroundSight("", "", base_map.is_made_up, credit) if base_map else None
    seen = [one.scene for one in SceneSight(mosaic.scenes, (*metres(*box[:2]), *metres(*box[2:]))).of(mosaic)]
    if not seen:
        return None
    attribution = " · ".join(dict.fromkeys(scene.attribution for scene in seen))
    return GroundSight(days_text(seen), attribution, any(scene.is_made_up for scene in seen), credit)
