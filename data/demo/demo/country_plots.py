"""Plots outside the towns: mosaics of fields, ponds and forest, strips along the shore and the rivers."""

import numpy as np
import shapely
from shapely.ops import substring

MARGIN = 1.07  # a mosaic may still grow by so much after it was placed


def mosaic(columns: int, rows: int, size: float, detail: int, jitter: float, rng):
    """Neighbouring pieces with shared edges round (0, 0): a list of polygons, mean area about size² m2.

    detail: parts into which an edge is broken; jitter: how far a corner moves, as a share of the piece's side.
    """
    widths = np.exp(rng.normal(0, 0.22, columns)) * size * rng.uniform(0.7, 1.5)
    heights = np.exp(rng.normal(0, 0.22, rows)) * size**2 / widths.mean()
    x = np.interp(np.arange(columns * detail + 1) / detail, np.arange(columns + 1), np.append(0, np.cumsum(widths)))
    y = np.interp(np.arange(rows * detail + 1) / detail, np.arange(rows + 1), np.append(0, np.cumsum(heights)))
    net = np.stack(np.meshgrid(x - x.mean(), y - y.mean()), -1)
    reach = np.array([widths.min(), heights.min()]) * jitter / detail**0.7
    net = net + rng.uniform(-1, 1, net.shape) * reach
    turn = rng.uniform(0, np.pi)
    net = net @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    return [_ring(net, c * detail, r * detail, detail) for r in range(rows) for c in range(columns)]


def _ring(net, c, r, detail):
    """The outline of one piece of the net, corner by corner."""
    k = np.arange(detail)
    side = [net[r, c + k], net[r + k, c + detail], net[r + detail, c + detail - k], net[r + detail - k, c]]
    return shapely.Polygon(np.vstack(side))


class Region:
    """Open land of one commune and what is already taken on it."""

    def __init__(self, shape, taken=()):
        self.shape = shape
        shapely.prepare(shape)
        self.taken = list(taken)

    def place(self, pieces, rng, tries: int = 40):
        """Move a mosaic to a free spot; returns (pieces, centre) or None."""
        hull = shapely.transform(shapely.MultiPolygon(pieces).convex_hull.buffer(4), lambda p: p * MARGIN)
        low_x, low_y, high_x, high_y = self.shape.bounds
        spots = rng.uniform((low_x, low_y), (high_x, high_y), (tries * 12, 2))
        for spot in spots[shapely.contains_xy(self.shape, spots)][:tries]:
            there = shapely.transform(hull, lambda p, spot=spot: p + spot)
            if self.shape.contains(there) and not shapely.intersects(there, self.taken).any():
                self.taken.append(there)
                return [shapely.transform(piece, lambda p, spot=spot: p + spot) for piece in pieces], spot
        return None


def strip(line, rng, length: tuple[float, float], width: tuple[float, float]):
    """Land within `width` of a random stretch of `line` (both sides; the caller cuts off the water)."""
    run = np.exp(rng.uniform(*np.log(length)))
    at = rng.uniform(0, max(line.length - run, 1))
    return substring(line, at, at + run).buffer(
        rng.uniform(*width), cap_style="flat", join_style="mitre", mitre_limit=2
    )


def largest(shape):
    """The largest polygon of a geometry."""
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    return max(parts, key=lambda part: part.area, default=shapely.Polygon())
