"""Scenes as the public may know them, and the mosaics of a month that are made of them."""

import datetime
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from psycopg import sql

from landgis.catalog import queries
from landgis.lib.webmap import EQUATOR_M, WORLD_PX, Box

PUBLISHED = sql.SQL(
    "SELECT name, acquired_on, resolution_m, source, licence, attribution, cloud_percent, is_made_up,"
    " footprint, stored, maxzoom FROM imagery_scene WHERE withdrawn_at IS NULL"
)
MINZOOM = 5
# Of all ground that is not shown, in every image of every date: a tone between fields and roofs. Of no ground anything.
CONCEALED_COLOUR = (118, 122, 110)


@dataclass(frozen=True)
class PublicScene:
    """A scene as readers know it; `box` is west, south, east, north in degrees."""

    name: str
    acquired_on: datetime.date
    resolution_m: float
    source: str
    licence: str
    attribution: str
    cloud_percent: float | None
    is_made_up: bool
    stored: str
    maxzoom: int
    box: Box
    footprint: str
    concealed: str  # another one when other ground is not shown

    @property
    def path(self) -> Path:
        return Path(settings.MEDIA_ROOT) / self.stored

    @property
    def month(self) -> str:
        return f"{self.acquired_on:%Y-%m}"

    @property
    def pixel_m(self) -> float:
        """The side of a pixel of the stored file, in metres of EPSG:3857."""
        return EQUATOR_M / WORLD_PX / 2**self.maxzoom

    def touches(self, box: Box) -> bool:
        west, south, east, north = self.box
        return west < box[2] and box[0] < east and south < box[3] and box[1] < north


@dataclass(frozen=True)
class Mosaic:
    """The scenes of a month, the finest first: they lie on top."""

    name: str
    scenes: tuple[PublicScene, ...]

    @property
    def newest(self) -> PublicScene:
        return max(self.scenes, key=lambda scene: scene.acquired_on)

    @property
    def box(self) -> Box:
        west, south, east, north = zip(*(scene.box for scene in self.scenes), strict=True)
        return min(west), min(south), max(east), max(north)

    @property
    def maxzoom(self) -> int:
        return max(scene.maxzoom for scene in self.scenes)

    @property
    def fingerprint(self) -> str:
        """Changes when another set of files makes up the mosaic, or other ground is concealed, or otherwise."""
        parts = [*(scene.stored for scene in self.scenes), self.scenes[0].concealed, str(CONCEALED_COLOUR)]
        return hashlib.sha256(" ".join(parts).encode()).hexdigest()[:12]


def scenes() -> list[PublicScene]:
    """All public scenes, newest month first, the finest first within a month."""
    query = sql.SQL(
        "SELECT name, acquired_on, resolution_m, source, licence, attribution, cloud_percent, is_made_up, stored,"
        " maxzoom, ARRAY[ST_XMin(footprint), ST_YMin(footprint), ST_XMax(footprint), ST_YMax(footprint)] AS box,"
        " ST_AsGeoJSON(footprint, 6) AS footprint, c.mark AS concealed FROM published.scene, ("
        # By the revisions of the areas that withhold features, and by how cells are made of them: not by all cells.
        "SELECT concat(mark, obj_description('published.concealed'::regclass, 'pg_class')) AS mark"
        " FROM published.state WHERE dataset = 'concealed') c"
        " ORDER BY to_char(acquired_on, 'YYYY-MM') DESC, resolution_m, name"
    )
    return [PublicScene(**row | {"box": tuple(row["box"])}) for row in queries.fetch(query, [])]


def concealed(box: Box) -> list[Box]:
    """The cells (west, south, east, north in EPSG:3857) in a box whose ground is not to be made out."""
    query = sql.SQL(
        "SELECT ST_XMin(cell) AS west, ST_YMin(cell) AS south, ST_XMax(cell) AS east, ST_YMax(cell) AS north"
        " FROM published.concealed WHERE cell && ST_MakeEnvelope({}, 3857)"
    ).format(sql.SQL(", ").join(sql.Literal(side) for side in box))
    return [(row["west"], row["south"], row["east"], row["north"]) for row in queries.fetch(query, [])]


def mosaics(found: Iterable[PublicScene]) -> list[Mosaic]:
    """The mosaics of some scenes (as `scenes` orders them), newest first."""
    return [Mosaic(name, tuple(group)) for name, group in groupby(found, key=lambda scene: scene.month)]


def mosaic_named(name: str) -> Mosaic | None:
    """The mosaic of a month, or a scene as a mosaic of its own; None when there is none of that name."""
    found = scenes()
    for mosaic in mosaics(found):
        if mosaic.name == name:
            return mosaic
    return next((Mosaic(scene.name, (scene,)) for scene in found if scene.name == name), None)


def map_scenes() -> list[dict[str, Any]]:
    """What a map needs to draw the mosaics, newest first."""
    return [_for_map(mosaic) for mosaic in mosaics(scenes())]


def _for_map(mosaic: Mosaic) -> dict[str, Any]:
    address = reverse("imagery:tile", args=[mosaic.name, 0, 0, 0]).replace("/0/0/0.webp", "/{z}/{x}/{y}.webp")
    newest = mosaic.newest
    coarsest = max(scene.resolution_m for scene in mosaic.scenes)
    return {
        "name": mosaic.name,
        "acquired_on": newest.acquired_on.isoformat(),
        "acquired": date_format(newest.acquired_on, "SHORT_DATE_FORMAT"),
        "title": f"{newest.acquired_on:%m/%Y}",
        "tiles": [f"{address}?v={mosaic.fingerprint}"],
        "tile_size": 512,
        "minzoom": MINZOOM,
        "maxzoom": mosaic.maxzoom,
        "bounds": list(mosaic.box),
        "resolution_m": coarsest,
        "details": [
            {"bounds": list(scene.box), "resolution_m": scene.resolution_m}
            for scene in mosaic.scenes
            if scene.resolution_m < coarsest
        ],
        "attribution": " · ".join(dict.fromkeys(scene.attribution for scene in mosaic.scenes)),
        "is_made_up": any(scene.is_made_up for scene in mosaic.scenes),
    }
