"""Rows of points that are the corners of one boundary or line."""

from collections.abc import Iterable, Iterator, Sequence

import shapely

from landgis.ingest.formats import ReadingFault, Shape, coordinate_texts

NumberedCells = tuple[int, list[str]]
FeatureCells = tuple[int, list[str], list[list[str]] | None]


def lists(names: Sequence[str], given: Iterable[NumberedCells], shape: Shape) -> Iterator[FeatureCells]:
    """Rows that follow each other with one identity, or without any, as one feature with its corners.

    A row that says other facts is no corner: it begins a feature of its own, which has the identity a second time.
    """
    identity, facts = ([names.index(name) for name in some] for some in (shape.identity, shape.facts))
    places = [names.index(name) for name in shape.columns]
    current: tuple[int, list[str], list[list[str]]] | None = None
    for number, cells in given:
        corner = [_cell(cells, at) for at in places]
        if current is not None and identity and goes_on(current[1], cells, identity, facts):
            current[2].append(corner)
            continue
        if current is not None:
            yield current
        current = (number, list(cells), [corner])
    if current is not None:
        yield current


def goes_on(first: Sequence[str], cells: Sequence[str], identity: Sequence[int], facts: Sequence[int]) -> bool:
    """Whether a row belongs to the feature that the first one began."""
    who = [_cell(cells, at) for at in identity]
    if any(who) and who != [_cell(first, at) for at in identity]:
        return False
    return all(not (said := _cell(cells, at)) or said == _cell(first, at) for at in facts)


def _cell(cells: Sequence[str], at: int) -> str:
    return cells[at].strip() if at < len(cells) else ""


def drawn(corners: list[list[str]], shape: Shape, faults: list[ReadingFault]) -> bytes | None:
    """The polygon or line through the corners; fewer than three stay what they are, a point or a line."""
    points = []
    for corner in corners:
        if not any(corner):
            continue
        try:
            points.append(coordinate_texts.point(corner, shape))
        except ValueError:
            faults.append(("geometry-unreadable", {"text": " ".join(corner)[:60]}))
            return None
    if not points:
        return None
    if len(points) < 3 or shape.is_line:
        short: bytes = shapely.to_wkb(shapely.Point(points[0]) if len(points) == 1 else shapely.LineString(points))
        return short
    rings, left = _rings(points)
    if left or not rings:
        faults.append(("geometry-unreadable", {"text": " ".join(map(str, (left or points)[0]))}))
        return None
    whole = rings[0]
    for ring in rings[1:]:  # a ring inside another is a hole, one beside it a part
        whole = shapely.symmetric_difference(whole, ring) if shapely.is_valid([whole, ring]).all() else whole
    made: bytes = shapely.to_wkb(whole)
    return made


def _rings(points: list[list[float]]) -> tuple[list[shapely.Polygon], list[list[float]]]:
    """Polygons of a list of corners, and the corners left over.

    A ring ends where it meets its first corner, or with the list.
    """
    rings, ring = [], []
    for point in points:
        ring.append(point)
        if len(ring) > 3 and point == ring[0]:
            rings.append(shapely.Polygon(ring))
            ring = []
    if len(ring) >= 3 and ring[0] != ring[-1]:
        rings.append(shapely.Polygon(ring))
        ring = []
    return rings, ring
