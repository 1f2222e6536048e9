"""Scenes as the public may know them, and the mosaics that are made of them: the ground as it was last seen up to a month."""

import datetime
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from psycopg import sql

from landgis.catalog import office, queries
from landgis.imagery.cover import PixelCover, decoded
from landgis.lib.webmap import EQUATOR_M, WORLD_PX, Box, metres

PUBLISHED = sql.SQL(
    "SELECT name, acquired_on, resolution_m, source, licence, attribution, cloud_percent, is_made_up,"
    " footprint, stored, maxzoom, cover FROM imagery_scene WHERE withdrawn_at IS NULL"
)
MINZOOM = 5
# Of all ground that is not shown, in every image of every date: a tone between fields and roofs. Of no ground anything.
CONCEALED_COLOUR = (118, 122, 110)
LOOK = "2"  # of mosaics: another one when the same scenes are laid in another way


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
    encoded_cover: bytes | None

    @cached_property
    def cover(self) -> PixelCover | None:
        """Where it has pixels; None where only its file can say."""
        return decoded(self.encoded_cover) if self.encoded_cover else None

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

    @property
    def box_3857(self) -> Box:
        """West, south, east, north in metres of EPSG:3857."""
        return (*metres(*self.box[:2]), *metres(*self.box[2:]))

    def touches(self, box: Box) -> bool:
        """Whether its box (degrees) meets another; where in it there are pixels is said by `cover`."""
        west, south, east, north = self.box
        return west < box[2] and box[0] < east and south < box[3] and box[1] < north


@dataclass(frozen=True)
class Mosaic:
    """Scenes over each other, the newest on top, of one day the finest: at each place the first that has a pixel is seen.

    That of a month is made of its scenes and all before them, so that one that is small leaves all other ground as it was.
    """

    name: str
    scenes: tuple[PublicScene, ...]

    @property
    def newest(self) -> PublicScene:
        """Of all of it; at most places another one may be seen."""
        return self.scenes[0]

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
        parts = [*(scene.stored for scene in self.scenes), self.scenes[0].concealed, str(CONCEALED_COLOUR), LOOK]
        return hashlib.sha256(" ".join(parts).encode()).hexdigest()[:12]


def scenes() -> list[PublicScene]:
    """All public scenes, the newest first, of one day the finest first."""
    query = sql.SQL(
        "SELECT name, acquired_on, resolution_m, source, licence, attribution, cloud_percent, is_made_up, stored,"
        " maxzoom, cover AS encoded_cover,"
        " ARRAY[ST_XMin(footprint), ST_YMin(footprint), ST_XMax(footprint), ST_YMax(footprint)] AS box,"
        " ST_AsGeoJSON(footprint, 6) AS footprint, c.mark AS concealed FROM published.scene, ("
        # By the revisions of the areas that withhold features, and by how cells are made of them: not by all cells.
        "SELECT concat(mark, obj_description('published.concealed'::regclass, 'pg_class')) AS mark"
        " FROM published.state WHERE dataset = 'concealed') c"
        " ORDER BY acquired_on DESC, resolution_m, name"
    )
    return [_scene(row) for row in queries.fetch(query, [])]


def _scene(row: dict[str, Any]) -> PublicScene:
    encoded = row["encoded_cover"]
    more = {"box": tuple(row["box"]), "encoded_cover": None if encoded is None else bytes(encoded)}
    return PublicScene(**row | more)


def concealed(box: Box) -> list[Box]:
    """The cells (west, south, east, north in EPSG:3857) in a box whose ground is not to be made out."""
    query = sql.SQL(
        "SELECT ST_XMin(cell) AS west, ST_YMin(cell) AS south, ST_XMax(cell) AS east, ST_YMax(cell) AS north"
        " FROM published.concealed WHERE cell && ST_MakeEnvelope({}, 3857)"
    ).format(sql.SQL(", ").join(sql.Literal(side) for side in box))
    return [(row["west"], row["south"], row["east"], row["north"]) for row in queries.fetch(query, [])]


def mosaics(found: Sequence[PublicScene]) -> list[Mosaic]:
    """The mosaics of some scenes (as `scenes` orders them), the newest month first."""
    starts: dict[str, int] = {}
    for place, scene in enumerate(found):
        starts.setdefault(scene.month, place)
    return [Mosaic(month, tuple(found[place:])) for month, place in starts.items()]


def mosaic_named(name: str, known: Sequence[PublicScene] | None = None) -> Mosaic | None:
    """The mosaic of a month, or a scene as a mosaic of its own; None when there is none of that name. `known` are all scenes,
    where they have been read already."""
    found = scenes() if known is None else known
    for mosaic in mosaics(found):
        if mosaic.name == name:
            return mosaic
    return next((Mosaic(scene.name, (scene,)) for scene in found if scene.name == name), None)


def usual(found: Sequence[Mosaic]) -> Mosaic | None:
    """The one that is shown where no reader chooses: the newest, or the newest up to the month that the office pinned."""
    pinned = office.current().pinned_month
    if pinned is None:
        return found[0] if found else None
    return next((mosaic for mosaic in found if mosaic.name <= pinned), found[-1] if found else None)


def map_scenes(found: Sequence[Mosaic]) -> list[dict[str, Any]]:
    """What a map needs to draw the mosaics."""
    return [_for_map(mosaic) for mosaic in found]


def _for_map(mosaic: Mosaic) -> dict[str, Any]:
    address = reverse("imagery:tile", args=[mosaic.name, 0, 0, 0]).replace("/0/0/0.webp", "/{z}/{x}/{y}.webp")
    day = mosaic.newest.acquired_on
    return {
        "name": mosaic.name,
        "acquired_on": day.isoformat(),
        "acquired": date_format(day, "SHORT_DATE_FORMAT"),
        "title": f"{day:%m/%Y}",
        # Whether other days may be seen in it: /imagery/seen.json says which, by the place.
        "has_other_days": mosaic.scenes[-1].acquired_on != day,
        "tiles": [f"{address}?v={mosaic.fingerprint}"],
        "tile_size": 512,
        "minzoom": MINZOOM,
        "maxzoom": mosaic.maxzoom,
        "bounds": list(mosaic.box),
        "resolution_m": max(scene.resolution_m for scene in mosaic.scenes if scene.month == mosaic.newest.month),
        "attribution": " · ".join(dict.fromkeys(scene.attribution for scene in mosaic.scenes)),
        "is_made_up": any(scene.is_made_up for scene in mosaic.scenes),
    }
