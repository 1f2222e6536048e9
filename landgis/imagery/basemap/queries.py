"""The base map that is in force, and its tiles as the public may see them."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import shapely
from django.conf import settings
from django.core.cache import caches
from psycopg import sql

from landgis.catalog import ground, queries
from landgis.imagery.basemap import archive, cutting, schemas
from landgis.imagery.queries import concealed
from landgis.lib.webmap import EQUATOR_M, Box, metres

PUBLISHED = sql.SQL(
    "SELECT name, schema_name, attribution, licence, is_made_up, stored, minzoom, maxzoom, west, south, east, north, added_at"
    " FROM imagery_maparchive WHERE withdrawn_at IS NULL"
)
FORM = 1  # of what leaves: another one makes all tiles others
KEPT_S = 3600


@dataclass(frozen=True)
class BaseMapInForce:
    """The archive that was added last, as readers know it; `box` in degrees."""

    name: str
    schema: schemas.Schema
    attribution: str
    licence: str
    is_made_up: bool
    stored: str
    minzoom: int
    maxzoom: int
    box: Box
    concealed: str  # another one when other ground is not shown

    @property
    def path(self) -> Path:
        return Path(settings.MEDIA_ROOT) / self.stored

    @property
    def fingerprint(self) -> str:
        """Changes with whatever its tiles are made from: the archive, the table of its schema, what is not shown."""
        parts = (self.stored, self.schema, self.concealed, ground.own_names(), settings.LANGUAGE_CODE, FORM)
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:12]


def in_force() -> BaseMapInForce | None:
    query = sql.SQL(
        "SELECT b.*, concat(s.mark, obj_description('published.concealed'::regclass, 'pg_class')) AS concealed"
        " FROM published.base_map b, published.state s WHERE s.dataset = 'concealed' ORDER BY b.added_at DESC, b.name LIMIT 1"
    )
    found = queries.fetch(query, [])
    return _told(found[0]) if found else None


def _told(row: dict[str, Any]) -> BaseMapInForce:
    schema = schemas.by_name()[row.pop("schema_name")]
    box = (row.pop("west"), row.pop("south"), row.pop("east"), row.pop("north"))
    del row["added_at"]
    return BaseMapInForce(schema=schema, box=box, **row)


def is_inside(found: BaseMapInForce, z: int, x: int, y: int) -> bool:
    """Whether the archive has tiles of that zoom and the world one at that place."""
    return found.minzoom <= z <= found.maxzoom and x < 2**z and y < 2**z


def tile(found: BaseMapInForce, z: int, x: int, y: int) -> bytes:
    """The tile that leaves, empty where nothing is. Raises ArchiveError where the archive is damaged, OSError where it is gone."""
    kept, key = caches["memory"], f"basemap:{found.fingerprint}:{z}/{x}/{y}"
    body: bytes | None = kept.get(key)
    if body is None:
        body = cutting.written(layers(found, z, x, y))
        kept.set(key, body, KEPT_S)
    return body


def layers(found: BaseMapInForce, z: int, x: int, y: int) -> cutting.Layers:
    """What of the archive leaves at a tile. The state of what is hidden was read before: this may hide more, never less."""
    above, body = _above(found, z, x, y)
    if not body:
        return {}
    box = cutting.tile_box(z, x, y)
    around = cutting.reached(box)
    own = [(*metres(*one[:2]), *metres(*one[2:])) for one in ground.own_names()]
    near = [one for one in own if cutting.meet(one, around)]
    parts = 2**above
    cut = cutting.cuts(box, concealed(around), near, parts, (x % parts, y % parts))
    return cutting.layers(body, found.schema, cut)


def _above(found: BaseMapInForce, z: int, x: int, y: int) -> tuple[int, bytes]:
    """The tile of the archive or, where it lacks it, the nearest one above it: so many zooms farther. Beyond the region of
    an archive its coast goes on, coarse, in place of a void."""
    for steps in range(z - found.minzoom + 1):
        if body := archive.tile(found.path, z - steps, x >> steps, y >> steps):
            return steps, body
    return 0, b""


def features(found: BaseMapInForce, box: Box, zoom: float) -> Iterator[tuple[str, str, str, shapely.Geometry]]:
    """What a map at that zoom draws of a box (EPSG:3857): layer, kind, name and shape in EPSG:3857, a piece for each tile.

    Raises as `tile` does.
    """
    import mapbox_vector_tile

    z = max(found.minzoom, min(found.maxzoom, int(zoom)))
    for x, y in _tiles_of(box, z):
        west, _south, east, north = cutting.tile_box(z, x, y)
        unit = (east - west) / cutting.EXTENT
        placed = partial(_placed, west, north, unit)
        told = mapbox_vector_tile.decode(
            tile(found, z, x, y), default_options={"y_coord_down": True, "transformer": placed}
        )
        for layer, content in told.items():
            for one in content["features"]:
                about = one["properties"]
                yield layer, about["kind"], about.get("name", ""), shapely.geometry.shape(one["geometry"])


def _placed(west: float, north: float, unit: float, x: float, y: float) -> tuple[float, float]:
    return west + x * unit, north - y * unit


def _tiles_of(box: Box, z: int) -> list[tuple[int, int]]:
    side, half = EQUATOR_M / 2**z, EQUATOR_M / 2
    columns, rows = ((box[0] + half) / side, (box[2] + half) / side), ((half - box[3]) / side, (half - box[1]) / side)
    spans = [range(max(0, int(first)), min(2**z - 1, int(last)) + 1) for first, last in (columns, rows)]
    return [(x, y) for y in spans[1] for x in spans[0]]
