"""Land and sea of a scene, without the towns: water, beaches, woods, fields, roads.

Every function paints some pixels of a Canvas; colours are red, green, blue from 0 to 255.
"""

from copy import copy
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely

from . import field_net
from .scene_world import (
    ANNUAL,
    GROWS,
    MANGROVE,
    ORCHARD,
    PONDS,
    QUARRY,
    RICE,
    RUBBER,
    SALT,
    SCRUB,
    WOOD,
    World,
)
from .sheet import PixelGrid, chance, cloud

FINE = 2.0  # below this size of a pixel single trees, roofs and cars are drawn

# What a field looks like in February: weight, colour, share under trees, contrast of its rows.
FIELDS = {
    RUBBER: [
        (0.44, (54, 80, 44), 0.92, 0.05),
        (0.22, (88, 104, 58), 0.9, 0.06),
        (0.2, (112, 100, 80), 0.75, 0.08),
        (0.09, (128, 114, 78), 0.4, 0.2),
        (0.05, (160, 108, 74), 0.03, 0.25),
    ],
    ORCHARD: [
        (0.34, (72, 92, 54), 0.75, 0.1),
        (0.28, (90, 102, 64), 0.55, 0.15),
        (0.2, (112, 110, 74), 0.4, 0.2),
        (0.1, (150, 118, 86), 0.2, 0.25),
        (0.08, (126, 122, 80), 0.25, 0.15),
    ],
    RICE: [
        (0.3, (92, 124, 60), 0.0, 0.04),
        (0.2, (114, 140, 68), 0.0, 0.04),
        (0.27, (176, 158, 114), 0.0, 0.1),
        (0.13, (128, 112, 88), 0.0, 0.1),
        (0.1, (92, 96, 84), 0.0, 0.02),
    ],
    ANNUAL: [
        (0.17, (146, 122, 96), 0.02, 0.22),
        (0.17, (156, 138, 108), 0.02, 0.2),
        (0.18, (108, 118, 74), 0.02, 0.18),
        (0.22, (134, 130, 94), 0.12, 0.05),
        (0.16, (116, 120, 80), 0.1, 0.15),
        (0.1, (92, 106, 64), 0.08, 0.22),
    ],
    SCRUB: [
        (0.4, (116, 116, 76), 0.3, 0.02),
        (0.3, (98, 106, 66), 0.5, 0.02),
        (0.2, (148, 136, 100), 0.12, 0.03),
        (0.1, (172, 146, 112), 0.05, 0.05),
    ],
    SALT: [
        (0.4, (188, 186, 178), 0.0, 0.01),
        (0.3, (146, 142, 132), 0.0, 0.01),
        (0.3, (120, 116, 104), 0.0, 0.01),
    ],
    PONDS: [
        (0.4, (60, 76, 68), 0.0, 0.01),
        (0.3, (78, 90, 76), 0.0, 0.01),
        (0.15, (98, 100, 82), 0.0, 0.01),
        (0.15, (150, 134, 108), 0.02, 0.04),
    ],
    WOOD: [(0.7, (50, 72, 40), 1.0, 0.0), (0.3, (60, 80, 44), 1.0, 0.0)],
    MANGROVE: [(0.6, (42, 66, 44), 1.0, 0.0), (0.4, (50, 74, 46), 1.0, 0.0)],
    QUARRY: [(0.6, (186, 172, 152), 0.02, 0.1), (0.4, (160, 142, 122), 0.05, 0.15)],
}
KEPT = 0.62  # share of fields that look the same at both dates


@dataclass
class Canvas:
    """The picture while it is painted, and what later steps need to know of each pixel."""

    sheet: PixelGrid
    world: World
    year: int = 0

    def __post_init__(self):
        shape = self.sheet.shape
        self.colour = np.full((*shape, 3), np.nan, np.float32)
        self.height = np.zeros(shape, np.float32)  # metres above the ground
        self.trees = np.zeros(shape, np.float32)  # share under crowns, where single trees are drawn
        self.leaf = np.full((*shape, 3), (62, 82, 44), np.float32)  # colour of these crowns

    def copy(self, year: int) -> "Canvas":
        made = copy(self)
        made.year = year
        for name in ("colour", "height", "trees", "leaf"):
            setattr(made, name, getattr(self, name).copy())
        return made

    @cached_property
    def painted(self):
        """The pixels that have a colour."""
        return ~np.isnan(self.colour[..., 0])

    @property
    def fine(self) -> bool:
        return self.sheet.pixel < FINE

    @cached_property
    def grain(self):
        """Roughness of the ground at the size of a pixel, and a wider one: two arrays of deviation 1."""
        pixel = self.sheet.pixel
        return self.sheet.texture(cloud(0.35, 1), pixel), self.sheet.texture(cloud(1.0, 2), pixel * 2)

    @cached_property
    def wide(self):
        """Slow changes of tone over some hundred metres, deviation 1."""
        return self.sheet.texture(cloud(1.6, 3), 12.0)

    def put(self, mask, colour, rough: float = 0.0, trees: float | None = None):
        """One colour with some roughness on the pixels of a mask."""
        if not mask.any():
            return
        tone = 1 + rough * (0.6 * self.grain[0][mask] + 0.6 * self.grain[1][mask])
        self.colour[mask] = np.asarray(colour, np.float32) * tone[:, None]
        self.height[mask] = 0
        if trees is not None:
            self.trees[mask] = trees

    def mix(self, weight, colour):
        """Lay a colour over everything with a weight in [0, 1] (rows, columns)."""
        some = weight > 0.01
        below = self.colour[some]
        self.colour[some] = below + (np.asarray(colour, np.float32) - below) * weight[some, None]


def paint_sea(canvas: Canvas, is_land):
    """Sea: deep blue offshore, turbid in the bays, with swell; foam and wet sand at open beaches."""
    sheet, sea = canvas.sheet, ~is_land
    if not sea.any():
        return
    away = sheet.smooth(canvas.world.from_shore, 6.0 if canvas.fine else 200.0)[sea]
    bay = sheet.smooth(_in_the_bay, 400.0)[sea]
    cloudy = np.clip(np.exp(-away / 900) * 0.75 + bay * 0.8 + 0.04 * canvas.wide[sea], 0, 1)
    shallow = np.exp(-away / 160) * (1 - 0.5 * bay)
    colour = np.array([26, 56, 76], np.float32) + cloudy[:, None] * np.array([60, 38, 12], np.float32)
    colour += shallow[:, None] * np.array([36, 32, 20], np.float32)
    plume = sheet.texture(cloud(1.9, 7), 60.0 if canvas.fine else 90.0)[sea]
    tone = 1 + 0.05 * plume * (0.4 + cloudy)
    if canvas.fine:
        tone += 0.025 * (sheet.texture(cloud(0.9, 8, 3.0), 1.0)[sea] + sheet.texture(cloud(0.7, 9, 1.5), 0.5)[sea])
        colour = _foam(canvas, sea, colour * tone[:, None], away, bay)
    else:
        colour *= (tone + 0.012 * canvas.grain[0][sea])[:, None]
    canvas.colour[sea] = colour


def _in_the_bay(x, y):
    """1 in the turbid bay west of Vũng Tàu and off the rivers' mouths, 0 in the open sea."""
    west = 1 / (1 + np.exp((x - 424_500 - (y - 1_143_000) * 0.15) / 1600))
    return west * (1 / (1 + np.exp((1_141_000 - y) / 2500))) * (y > 1_050_000)


def _foam(canvas, sea, colour, away, bay):
    """Three lines of breakers that come and go along the shore."""
    broken, ragged = (
        canvas.sheet.texture(cloud(*key), texel)[sea] for key, texel in (((1.3, 10), 4.0), ((0.8, 11), 0.5))
    )
    reach = away + 7 * broken
    for at, wide, some in ((4, 5, 0.1), (26, 4, 0.5), (58, 3, 1.1)):
        line = np.clip(1 - np.abs(reach - at) / wide, 0, 1) * (broken + 0.5 * ragged > some - 0.4)
        weight = line * np.clip(0.75 + 0.3 * ragged, 0, 1) * (1 - 0.9 * bay)
        colour = colour + (np.array([228, 232, 230], np.float32) - colour) * weight[:, None]
    return colour


def paint_shore(canvas: Canvas, is_land, wooded):
    """Beaches along the open sea, mud along the bays, rocks below the hills."""
    sheet = canvas.sheet
    strip = (sheet.burn(canvas.world.ways["shore"]) == 1) & is_land
    if not strip.any():
        return
    away = sheet.smooth(canvas.world.near_shore, 6.0 if canvas.fine else 60.0)
    bay = sheet.smooth(_in_the_bay, 400.0)
    width = (26 + 9 * sheet.texture(cloud(1.4, 12), 15.0)) * (1 - 0.75 * bay)
    sand = strip & (away < width) & ~wooded
    dry = np.clip(away / 9, 0, 1)[..., None]
    tone = np.array([150, 132, 104]) + dry * np.array([62, 60, 56])
    canvas.colour[sand] = (tone * (1 + 0.03 * canvas.grain[0] + 0.02 * canvas.grain[1])[..., None])[sand]
    canvas.trees[sand] = canvas.height[sand] = 0
    behind = strip & ~sand & (away < width + 22) & ~wooded
    canvas.put(behind, (128, 128, 92), 0.1, 0.45)
    rocks = strip & wooded & (away < 9 + 4 * canvas.grain[1])
    canvas.put(rocks, (132, 122, 108), 0.25, 0)


def paint_fields(canvas: Canvas, mask):
    """Fields on the pixels of a mask."""
    if not mask.any():
        return
    laid = canvas.sheet.once("fields", lambda: _laid_out(canvas, mask))
    _paint_crops(canvas, mask, *laid)


def _laid_out(canvas, mask):
    """(what grows, draws at both dates, own tone, metres across the rows, metres to the edge) of each pixel of the mask."""
    sheet, patches = canvas.sheet, canvas.world.patches
    near = np.flatnonzero(shapely.intersects(patches.shape, sheet.box))
    label = np.maximum(sheet.burn(patches.shape[near], near + 1, "int32")[mask] - 1, near[0])
    grows = patches.grows[label].astype(np.int8)
    angle = patches.angle[label].astype(np.float32)
    plots = canvas.world.plots
    chosen = np.flatnonzero(plots["LOAIDAT"].isin(GROWS) & shapely.intersects(plots.geometry.to_numpy(), sheet.box))
    if len(chosen):
        own = sheet.burn(plots.geometry.to_numpy()[chosen], chosen + 1, "int32")[mask]
        here = own > 0
        of_plots = np.array([GROWS[code] for code in plots["LOAIDAT"].to_numpy()[chosen]])
        grows[here] = of_plots[np.searchsorted(chosen, own[here] - 1)]
        label = np.where(here, own + len(patches.shape), label)
    return _bricks(canvas, mask, label, grows, angle)


def _bricks(canvas, mask, label, grows, angle):
    """Each patch is laid out in rows of fields, like bricks of unequal size."""
    sheet = canvas.sheet
    bend = [sheet.texture(values, field_net.TEXEL_M)[mask] * field_net.BEND_M for values in field_net.bends()]
    x = np.broadcast_to(sheet.x - field_net.ORIGIN[0], sheet.shape)[mask].astype(np.float32)
    y = np.broadcast_to(sheet.y[:, None] - field_net.ORIGIN[1], sheet.shape)[mask].astype(np.float32)
    cos, sin = np.cos(angle), np.sin(angle)
    along, across = x * cos + y * sin + bend[0], y * cos - x * sin + bend[1]
    grows, field, edge = field_net.bricks(along, across, label, grows)
    draw = chance(field, seed=30)
    later = np.where(chance(field, seed=31) > KEPT, chance(field, seed=32), draw)
    return grows, (draw, later), 1 + (chance(field, seed=33) - 0.5) * 0.2, across, edge


def _paint_crops(canvas, mask, grows, draws, tone, across, edge):
    colour, cover, rows = _crops(grows, draws[canvas.year > 2024])
    grain, wide = canvas.grain[0][mask] + canvas.grain[1][mask], canvas.wide[mask]
    dry = (grows != SALT) & (grows != PONDS)
    tone = tone + 0.035 * wide + np.where(dry, np.float32(0.045), np.float32(0.012)) * grain
    soil = np.clip(canvas.sheet.smooth(_redness, 500.0), 0, 1)[mask] * np.clip(1.3 - cover * 1.2, 0, 1) * dry
    colour += soil[:, None] * np.array([11, -5, -13], np.float32)
    if canvas.fine:
        tone += rows * np.sin(across * (2 * np.pi / 2.6)) * 0.6
        colour, cover = _bounds(grows, colour, cover, edge)
        planted = (grows == RUBBER) | (grows == ORCHARD)
        cover = np.where(planted, _rows_of_trees(across, grows, cover), cover)
    else:
        line = np.clip(1 - edge / 6, 0, 1) * np.where(dry, 0.3, 0.5)
        colour += (np.array([120, 116, 84], np.float32) - colour) * line[:, None]
    canvas.colour[mask] = colour * tone[:, None]
    canvas.trees[mask] = cover
    canvas.leaf[mask] = np.minimum(colour * np.float32(0.92), np.array([96, 106, 66], np.float32))


def _crops(grows, draw):
    """Colour, share under trees and contrast of rows, by what grows and a draw in [0, 1)."""
    steps = 100
    table = np.zeros((len(FIELDS), steps, 5), np.float32)
    for kind, lines in FIELDS.items():
        counts = np.rint(np.array([line[0] for line in lines]) * steps).astype(int)
        table[kind] = np.repeat([(*colour, cover, rows) for _, colour, cover, rows in lines], counts, axis=0)
    found = table.reshape(-1, 5)[grows.astype(np.int32) * steps + (draw * steps).astype(np.int32)]
    return found[:, :3].copy(), found[:, 3], found[:, 4]


def _redness(x, y):
    """How red the soil is: basalt in the north, sand by the sea."""
    return np.clip((y - 1_163_000) / 16_000, 0, 1) * np.clip((x - 424_000) / 9_000, 0, 1)


def _bounds(grows, colour, cover, edge):
    """Paths, dykes and hedges between fields."""
    width = np.array([2.2, 1.2, 0.6, 1.0, 1.0, 1.0, 2.0, 0, 0, 0], np.float32)[grows]
    path = np.clip((width - edge) / 0.6 + 0.5, 0, 1)[:, None]
    tint = np.where((grows == RICE)[:, None], [118, 124, 76], [164, 144, 112]).astype(np.float32)
    colour = colour + (tint - colour) * path
    hedge = (edge < 4) & (edge > width) & np.isin(grows, (ANNUAL, ORCHARD, SCRUB, PONDS))
    return colour, np.where(hedge, np.maximum(cover, 0.28), np.where(path[:, 0] > 0.5, 0.02, cover))


def _rows_of_trees(across, grows, cover):
    """Planted trees: the share under crowns is high on the lines of the rows and low between them."""
    apart = np.where(grows == RUBBER, 6.5, 8.0)
    from_row = np.abs(across / apart - np.rint(across / apart)) * apart
    reach = apart * np.clip(cover, 0, 0.95) * 0.55
    return np.where(from_row < reach, np.minimum(cover + 0.3, 1), cover * 0.12).astype(np.float32)


def woods(canvas: Canvas):
    """Masks of forest on the hills and in the reserves, and of mangrove."""
    world = canvas.world
    wood = _ragged_mask(canvas, [world.slopes, world.reserves], 90)
    return wood, _ragged_mask(canvas, [world.mangrove], 50) & ~wood


def paint_woods(canvas: Canvas, wood, swamp):
    """Forest with clearings, mangrove with creeks."""
    sheet = canvas.sheet
    if not (wood.any() or swamp.any()):
        return
    damp = sheet.texture(cloud(1.7, 15), 9.0)
    for mask, kind, leaf in ((wood, WOOD, (52, 74, 40)), (swamp, MANGROVE, (44, 70, 46))):
        if mask.any():
            canvas.put(mask, FIELDS[kind][0][1], 0.07, 1.0)
            tint = 1 + 0.12 * damp[mask] + 0.06 * canvas.wide[mask]
            dry = np.clip(0.25 * damp[mask] + 0.2 * canvas.grain[1][mask], 0, 0.6)[:, None] * (kind == WOOD)
            canvas.colour[mask] = canvas.colour[mask] * tint[:, None] + dry * np.array([38, 22, 12], np.float32)
            canvas.leaf[mask] = np.array(leaf, np.float32) * tint[:, None] + dry * np.array([34, 20, 10], np.float32)
    canvas.put(wood & (damp + 0.4 * canvas.wide > 1.9), (126, 120, 84), 0.1, 0.3)
    if swamp.any():
        creek = swamp & (np.abs(sheet.texture(cloud(1.75, 16), 14.0)) < 0.055)
        canvas.put(creek, (84, 90, 74), 0.02, 0)


def _ragged(canvas, shapes, reach):
    """The mask of shapes with a natural edge, moved by up to `reach` metres."""
    return canvas.sheet.once((id(shapes), reach), lambda: _ragged_mask(canvas, shapes, reach))


def _ragged_mask(canvas, shapes, reach):
    near = shapely.clip_by_rect(np.array(shapes), *canvas.sheet.box.buffer(reach * 3).bounds)
    if shapely.is_empty(near).all():
        return np.zeros(canvas.sheet.shape, bool)
    levels = [canvas.sheet.burn(shapely.buffer(near, d * reach, quad_segs=3)) for d in (-1, -0.5, 0, 0.5, 1)]
    inside = sum(level.astype(np.float32) for level in levels) / len(levels)
    return inside + 0.22 * canvas.sheet.texture(cloud(1.5, 19), 7.0 if canvas.fine else 14.0) > 0.55


def paint_streams(canvas: Canvas, mask):
    """Trees along streams that no map shows, and thickets, in the fields."""
    bends = canvas.sheet.texture(cloud(1.9, 17), 16.0 if canvas.fine else 20.0)
    thick = canvas.sheet.texture(cloud(1.3, 18), 10.0)
    width = 0.035 * np.clip(1 + 0.5 * thick, 0.2, 2)
    weight = np.clip((width - np.abs(bends)) / 0.012, 0, 1) * np.clip((canvas.wide + 1.2) * 2, 0, 1)
    weight = np.maximum(weight, np.clip((thick + 0.5 * canvas.wide - 2.1) * 3, 0, 1))
    weight *= mask
    canvas.mix(weight * 0.85, (62, 80, 48))
    canvas.trees = np.maximum(canvas.trees, weight * 0.85)


def paint_water(canvas: Canvas):
    """Rivers, brown from the hills to the bay, and lakes, green, with a bare rim in the dry season."""
    sheet, land = canvas.sheet, canvas.world.land
    lakes = list(land.lakes.values())
    rim = _ragged(canvas, canvas.world.ways["rims"], 34)
    canvas.put(rim, (164, 132, 100), 0.08, 0.02)
    canvas.put(sheet.burn(canvas.world.ways["banks"]) == 1, (86, 98, 62), 0.12, 0.6)
    for shapes, colour in ((land.rivers.values(), (98, 98, 76)), (lakes, (58, 84, 82))):
        water = sheet.burn(list(shapes)) == 1
        if water.any():
            canvas.put(water, colour, 0.012, 0)
            if shapes is not lakes:
                bay = sheet.smooth(_in_the_bay, 400.0)[water][:, None]
                canvas.colour[water] += bay * 0.8 * (np.array([92, 96, 90], np.float32) - canvas.colour[water])
            canvas.colour[water] *= (1 + 0.05 * canvas.wide[water])[:, None]
            canvas.leaf[water] = colour


def paint_roads(canvas: Canvas, marks):
    """Lanes and roads by class; the motorway is a strip of red earth at the first date and asphalt at the second."""
    burn, ways = canvas.sheet.burn, canvas.world.ways
    lanes = burn(ways["lanes" if canvas.fine else "lanes from afar"]) == 1
    canvas.put(lanes, (164, 150, 128) if canvas.fine else (150, 138, 116), 0.04, 0)
    for kind in ("provincial", "street", "trunk", "motorway"):
        if kind not in canvas.world.roads_by_kind:
            continue
        building = kind == "motorway" and canvas.year <= 2024
        earth = (178, 122, 84) if building else (142, 136, 106)
        canvas.put(burn(ways[kind, "verge"]) == 1, earth, 0.06, 0 if building else 0.05)
        asphalt = ((122, 121, 119) if canvas.fine else (132, 130, 126)) if not building else (188, 134, 94)
        canvas.put(burn(ways[kind, "paved" if canvas.fine else "paved from afar"]) == 1, asphalt, 0.025, 0)
        if canvas.fine and not building:
            canvas.put(burn(ways[kind, "median"]) == 1, (104, 112, 72), 0.12, 0.3)
            canvas.mix((burn(marks[kind], touched=True) == 1) * np.float32(0.35), (226, 226, 222))


def relief(canvas: Canvas):
    """Light and shade of the ground's slopes, a factor round 1 (rows, columns)."""
    return canvas.sheet.once("relief", lambda: np.clip(canvas.sheet.smooth(canvas.world.light, 40.0), 0.5, 1.4))
