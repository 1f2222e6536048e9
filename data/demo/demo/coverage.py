"""Ground cut into faces that share their edges corner by corner: no overlap, no gap between neighbours.

Outlines that meet, cross or lie on one another are cut at each other's corners on a grid of a millimetre; each face then
belongs to the first outline that holds it, and slivers go to the neighbour with the longest common edge.
"""

import numpy as np
import shapely

from .landscape import GRID


def faces(lines) -> np.ndarray:
    """The polygons between lines (array of geometries), each corner of one a corner of its neighbours."""
    noded = shapely.unary_union(np.asarray(lines, object), grid_size=GRID)
    return shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))


def owners(pieces, outlines) -> np.ndarray:
    """Number of the first outline that holds each face, -1 where none does."""
    found = np.full(len(pieces), len(outlines))
    shapely.prepare(outlines)
    inner = shapely.STRtree(shapely.point_on_surface(pieces))
    outline, piece = inner.query(outlines, predicate="contains")
    np.minimum.at(found, piece, outline)
    return np.where(found == len(outlines), -1, found)


def width(pieces) -> np.ndarray:
    """About how wide a face is, metres: that of a long rectangle of its area and outline."""
    return 2 * shapely.area(pieces) / np.maximum(shapely.length(pieces), 1e-9)


def absorb(pieces, owner, sliver, takes) -> np.ndarray:
    """Owners after each sliver went to the neighbour that takes slivers and shares most of its edge; -1 without one.

    sliver, takes: masks over the faces; a face is never both.
    """
    owner = owner.copy()
    small, large = np.flatnonzero(sliver), np.flatnonzero(takes & ~sliver)
    owner[small] = -1
    if not (len(small) and len(large)):
        return owner
    a, b = shapely.STRtree(pieces[large]).query(pieces[small], predicate="touches")
    shared = shapely.length(
        shapely.intersection(shapely.boundary(pieces[small[a]]), shapely.boundary(pieces[large[b]]))
    )
    order = np.lexsort((b, -shared, a))
    first = order[np.unique(a[order], return_index=True)[1]]
    first = first[shared[first] > 0]
    owner[small[a[first]]] = owner[large[b[first]]]
    return owner


def merged(pieces, owner) -> tuple[np.ndarray, np.ndarray]:
    """(parcels, their owners): faces of one owner joined where they touch; faces of owner -1 are left out."""
    order = np.argsort(owner, kind="stable")
    order = order[owner[order] >= 0]
    numbers, first, count = np.unique(owner[order], return_index=True, return_counts=True)
    single = count == 1
    shapes, owns = [pieces[order[first[single]]]], [numbers[single]]
    for number, start, several in zip(numbers[~single], first[~single], count[~single], strict=True):
        parts = shapely.get_parts(shapely.coverage_union_all(pieces[order[start : start + several]]))
        shapes.append(parts)
        owns.append(np.full(len(parts), number))
    joined, owner_of = np.concatenate(shapes), np.concatenate(owns)
    order = np.argsort(owner_of, kind="stable")
    return joined[order], owner_of[order]
