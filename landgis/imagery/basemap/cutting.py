"""From a tile of an archive to one of ours: what the table of its schema takes, in one form, without what is not to be shown.

What is hidden is hidden by leaving it out: a shape is cut where cells of ground lie that images do not show either, and
names are cut where the country's own names alone stand (landgis/catalog/ground.py).
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from django.conf import settings

from landgis.imagery.basemap.archive import ArchiveError
from landgis.imagery.basemap.schemas import MILITARY, NAMED, Schema, Taking
from landgis.lib.webmap import EQUATOR_M, Box

EXTENT = 4096  # units of a side, of every tile that leaves
REACH = EXTENT // 16  # units beside the tile in which shapes still lie
MARGIN = 1  # units beside a cell that are cut too: corners of shapes lie on whole units
LONGEST = 80  # letters of a name


@dataclass
class GroundFeature:
    """Its layer and kind are ours; `shape` is 1 for points, 2 for lines, 3 for areas; the geometry is as tiles write it."""

    kind: str
    name: str
    shape: int
    geometry: Sequence[int]


Layers = dict[str, list[GroundFeature]]


@dataclass(frozen=True)
class Cuts:
    """What is cut out of a tile, in its units: of everything, and of what bears a name.

    `parts` and `corner` say which part of the archive's tile it is: its side is as many of these, and it begins there.
    """

    hidden: Sequence[shapely.Geometry] = ()
    unnamed: Sequence[shapely.Geometry] = ()
    parts: int = 1
    corner: tuple[int, int] = (0, 0)
    trees: dict[bool, shapely.STRtree] = field(default_factory=dict, compare=False)

    def of(self, *, is_named: bool) -> shapely.STRtree | None:
        """The boxes that concern a feature, None where there are none."""
        boxes = [*self.hidden, *(self.unnamed if is_named else ())]
        if not boxes:
            return None
        return self.trees.setdefault(is_named, shapely.STRtree(boxes))


def tile_box(z: int, x: int, y: int) -> Box:
    """West, south, east, north of a tile in EPSG:3857."""
    side = EQUATOR_M / 2**z
    west, north = x * side - EQUATOR_M / 2, EQUATOR_M / 2 - y * side
    return west, north - side, west + side, north


def reached(box: Box) -> Box:
    """A tile's box with what beside it may come with it."""
    more = (box[2] - box[0]) * (REACH + MARGIN) / EXTENT
    return box[0] - more, box[1] - more, box[2] + more, box[3] + more


def meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def cuts(box: Box, hidden: Iterable[Box], unnamed: Iterable[Box], parts: int, corner: tuple[int, int]) -> Cuts:
    """From boxes of EPSG:3857 to those of the tile, which counts from its upper left corner; whole units, and one more."""
    unit = (box[2] - box[0]) / EXTENT

    def placed(one: Box) -> shapely.Geometry:
        west, south, east, north = one
        left, right = np.floor((west - box[0]) / unit) - MARGIN, np.ceil((east - box[0]) / unit) + MARGIN
        top, bottom = np.floor((box[3] - north) / unit) - MARGIN, np.ceil((box[3] - south) / unit) + MARGIN
        return shapely.box(left, top, right, bottom)

    return Cuts([placed(one) for one in hidden], [placed(one) for one in unnamed], parts, corner)


def layers(body: bytes, schema: Schema, cut: Cuts) -> Layers:
    """The features of a tile of an archive that leave it, by our layers. Raises ArchiveError."""
    from google.protobuf.message import DecodeError
    from mapbox_vector_tile.Mapbox import vector_tile_pb2

    theirs = vector_tile_pb2.tile()
    try:
        theirs.ParseFromString(body)
    except DecodeError as error:
        raise ArchiveError(f"a tile cannot be read ({error})") from error
    found: Layers = {}
    for layer in theirs.layers:
        takings = [taking for taking in schema.takings if taking.layer == layer.name]
        for told, feature in _features(layer) if takings else ():
            for taking in takings:
                if one := _taken(taking, told, feature, layer.extent, cut):
                    found.setdefault(taking.to, []).append(one)
    return found


def _features(layer: Any) -> Iterator[tuple[dict[str, Any], Any]]:
    """The features of a layer with what it tells of each; military ones are left out."""
    values = [getattr(value, value.ListFields()[0][0].name) if value.ListFields() else None for value in layer.values]
    try:
        for feature in layer.features:
            tags = feature.tags
            told = {layer.keys[key]: values[value] for key, value in zip(tags[::2], tags[1::2], strict=True)}
            if not _is_military(told):
                yield told, feature
    except (IndexError, ValueError) as error:
        raise ArchiveError(f"a tile names a value that it does not have ({error})") from error


def _is_military(told: Mapping[str, Any]) -> bool:
    return any(
        key in MILITARY or (value in MILITARY and not key.startswith("name"))
        for key, value in told.items()
        if isinstance(value, str | bool) and value
    )


def _taken(taking: Taking, told: Mapping[str, Any], feature: Any, extent: int, cut: Cuts) -> GroundFeature | None:
    kind = taking.kind(told) if feature.type == taking.shape else None
    is_named = taking.to in NAMED
    name = _name(told) if is_named else ""
    if kind is None or (is_named and not name):
        return None
    geometry: Sequence[int] = feature.geometry
    boxes = cut.of(is_named=is_named)
    if boxes is not None or extent != EXTENT or cut.parts > 1:
        geometry = _recut(feature, extent, boxes, cut)
    return GroundFeature(kind, name, taking.shape, geometry) if geometry else None


def _name(told: Mapping[str, Any]) -> str:
    """In the language of the office where the archive has it; none in letters that the map's faces do not have."""
    language = settings.LANGUAGE_CODE
    for key in (f"name:{language}", f"name_{language}", "name"):
        text = " ".join(unicodedata.normalize("NFC", str(told.get(key) or "")).split())[:LONGEST]
        if text and all(not one.isalpha() or "LATIN" in unicodedata.name(one, "") for one in text):
            return text
    return ""


def _recut(feature: Any, extent: int, boxes: shapely.STRtree | None, cut: Cuts) -> Sequence[int]:
    """The geometry in our units without what lies in the boxes; as it is where nothing of it does, empty where all does."""
    shape = _decoded(feature, extent, cut)
    if cut.parts > 1:
        shape = shapely.clip_by_rect(shapely.make_valid(shape), -REACH, -REACH, EXTENT + REACH, EXTENT + REACH)
    meets = [] if boxes is None else boxes.query(shape, predicate="intersects")
    if boxes is not None and len(meets):
        shape = shapely.difference(shapely.make_valid(shape), shapely.union_all(boxes.geometries.take(meets)))
    elif extent == EXTENT and cut.parts == 1:
        same: Sequence[int] = feature.geometry
        return same
    return encoded(shape, feature.type)


def _decoded(feature: Any, extent: int, cut: Cuts) -> shapely.Geometry:
    from mapbox_vector_tile.decoder import TileData

    scale, (left, top) = EXTENT / extent * cut.parts, (EXTENT * step for step in cut.corner)
    try:
        told = TileData(b"").parse_geometry(
            feature.geometry, feature.type, extent, True, lambda x, y: (x * scale - left, y * scale - top)
        )
        return shapely.geometry.shape(told)
    except (ValueError, IndexError, TypeError, shapely.errors.ShapelyError) as error:
        raise ArchiveError(f"a tile holds a shape that is none ({error})") from error


def encoded(shape: shapely.Geometry, kind: int) -> list[int]:
    """A shape (units of a tile, from its upper left corner) as tiles write it: of its parts those of the kind; none are []."""
    from mapbox_vector_tile.geom_encoder import GeometryEncoder

    parts = [part for part in _parts(shape) if shapely.get_dimensions(part) == kind - 1 and not part.is_empty]
    if not parts:
        return []
    makers = {1: shapely.multipoints, 2: shapely.multilinestrings, 3: shapely.multipolygons}
    # An outer ring runs clockwise on the screen, whose y grows downwards.
    whole = shapely.orient_polygons(makers[kind](parts), exterior_cw=False)
    return list(GeometryEncoder(True, EXTENT).encode(whole))


def _parts(shape: shapely.Geometry) -> Iterator[shapely.Geometry]:
    for part in shapely.get_parts(shape):
        if part.geom_type.startswith(("Multi", "GeometryC")):
            yield from _parts(part)
        else:
            yield part


def written(found: Layers) -> bytes:
    """A tile of our layers; empty when nothing is in it. The same features always give the same bytes."""
    from mapbox_vector_tile.Mapbox import vector_tile_pb2

    tile = vector_tile_pb2.tile()
    for name in sorted(found):
        layer = tile.layers.add(name=name, version=2, extent=EXTENT, keys=["kind", "name"])
        values: dict[str, int] = {}
        for one in found[name]:
            tags = [0, values.setdefault(one.kind, len(values))]
            tags += [1, values.setdefault(one.name, len(values))] if one.name else []
            layer.features.add(type=one.shape, tags=tags, geometry=one.geometry)
        for text in values:
            layer.values.add(string_value=text)
    return bytes(tile.SerializeToString(deterministic=True))
