"""Towns of a scene: streets, lots with their roofs and yards, trees, cars and boats.

Lots are those of block_lots, of which the cadastre is made too. Each pixel of a block finds its lot by a table.
"""

from dataclasses import dataclass

import numpy as np
import shapely

from . import gardens
from .block_lots import GRAVES, HALL, PARK, PAVED, PITCH, SCRUBLAND, VACANT, VILLA, YARDED, Lots, subdivide
from .scene_afar import ROOFS, YARDS, paint_blocks_from_afar, roof_colours
from .scene_ground import Canvas
from .scene_world import World
from .sheet import SUN, chance, cloud

FLAT = 9  # from this line on they are terraces of concrete
ASPHALT, PAVEMENT = (120, 119, 117), (176, 168, 154)
BIN = 0.5  # width in metres of a bin of the table that finds lots


class Fabric:
    """The blocks near a place with their lots, and the table block, row, metre -> lot."""

    def __init__(self, world: World, near, fine: bool):
        self.numbers = np.flatnonzero(shapely.intersects(world.block_shapes, near.buffer(10)))
        self.blocks = [world.blocks[k] for k in self.numbers]
        self.shapes = world.block_shapes[self.numbers]
        self.pavements = world.pavements[self.numbers]
        self.origin = np.array([b.origin for b in self.blocks]).reshape(-1, 2)
        self.angle = np.array([b.angle for b in self.blocks])
        self.length = np.array([b.length for b in self.blocks], np.float32)
        self.depth = np.array([b.depth for b in self.blocks], np.float32)
        if not fine:
            return  # from afar a pixel holds several lots
        self.avenues, self.marks = world.avenues(near), world.marks(near)
        self.stops = stops(world, self, near)
        self.lots = subdivide(world.land, world.plots, self.blocks, self.numbers)
        for_auction = np.append((world.plots["PHUONGAN"] == "DAUGIA").to_numpy(), False)
        self.cleared = for_auction[self.lots.plot]  # lots that are levelled between the dates
        self._index()
        self.parts = _parts(self.lots)

    def _index(self):
        """A flat table of lots by bins of BIN metres; -1 where a row has no lot."""
        bins = np.ceil(self.length / BIN).astype(int) + 1
        self.first = np.concatenate([[0], np.cumsum(np.repeat(bins, 2))])
        self.table = np.full(self.first[-1], -1, np.int32)
        lots = self.lots
        for k in range(len(lots)):
            a, b = int(np.rint(lots.start[k] / BIN)), int(np.rint(lots.end[k] / BIN))
            whole = lots.depth[k] > self.depth[lots.block[k]] * 0.7
            for row in (0, 1) if whole else (lots.row[k],):
                at = self.first[2 * lots.block[k] + row]
                self.table[at + a : at + b] = k

    def local(self, block, x, y):
        """Block coordinates (along, across) of points, float32."""
        cos, sin = np.cos(self.angle[block]), np.sin(self.angle[block])
        dx, dy = x - self.origin[block, 0], y - self.origin[block, 1]
        return (dx * cos + dy * sin).astype(np.float32), (dy * cos - dx * sin).astype(np.float32)

    def lot_at(self, block, along, across):
        """Number of the lot, metres from its start along the street, metres from its street."""
        row = (across > self.depth[block] / 2).astype(np.int64)
        at = self.first[2 * block + row] + np.clip(along / BIN, 0, self.length[block] / BIN).astype(np.int64)
        lot = self.table[at]
        from_street = np.where(self.lots.row[lot] == 1, self.depth[block] - across, across)
        return lot, along - self.lots.start[lot], from_street


@dataclass(eq=False)
class Roofs:
    """Roofs of each lot as columns (lots, 2): the main house and a second, lower part; metres within the lot."""

    left: np.ndarray
    right: np.ndarray
    front: np.ndarray
    back: np.ndarray
    height: np.ndarray
    roof: np.ndarray
    ridge: np.ndarray  # 0 along the depth, 1 along the street


def _parts(lots: Lots) -> Roofs:
    wide, deep = lots.end - lots.start, lots.depth

    def draw(seed):
        return chance(lots.key, seed=seed)

    main, rear = _house(wide, deep, draw), _rear(wide, deep, draw)
    for kind, plan in ((VILLA, _villa), (HALL, _hall), (YARDED, _yarded)):
        here = lots.stands == kind
        for columns, made in zip((main, rear), plan(wide, deep, draw), strict=True):
            for column, values in zip(columns, made, strict=True):
                column[here] = np.broadcast_to(values, len(lots))[here]
    roof = np.searchsorted(np.cumsum(ROOFS[:, 0]) / ROOFS[:, 0].sum(), np.stack([draw(50), draw(51)], 1))
    roof[lots.stands == YARDED, 1] = roof[lots.stands == YARDED, 0]
    hall = lots.stands == HALL
    roof[hall] = np.array([3, 4, 5, 4, 7, 3])[(draw(52)[hall] * 6).astype(int)][:, None]
    ridge = np.stack([np.where(wide > deep * 0.6, 1, 0), np.where(wide > 9, 1, 0)], 1)
    ridge[lots.stands == YARDED] = (1, 0)
    left, right, front, back, height = (np.stack(pair, 1).astype(np.float32) for pair in zip(main, rear, strict=True))
    return Roofs(left, right, front, back, height, np.minimum(roof, len(ROOFS) - 1), ridge)


def _house(wide, deep, draw):
    """A tube house: wall to wall, near the street; one to five floors."""
    front = np.where(draw(60) < 0.55, 0.3, 0.5 + 3.5 * draw(61))
    back = np.minimum(front + 9 + 9 * draw(62), deep - 0.8)
    floors = np.searchsorted([0.3, 0.62, 0.85, 0.96], draw(63)) + 1
    gap = np.where(draw(64) < 0.25, 0.5, 0.06)
    return [gap * 1.0, wide - gap * 0.3, front, back, floors * 3.3 + 0.6]


def _rear(wide, deep, draw):
    """A kitchen or a shed behind the house, lower; none behind some."""
    at = np.maximum(deep - 1.5 - 5 * draw(65), deep * 0.6)
    some = draw(66) < 0.55
    right = np.where(some, wide * (0.55 + 0.45 * draw(67)), 0)
    return [0.05 * wide, right, at, deep - 0.4, np.full(len(wide), 3.2)]


def _villa(wide, deep, draw):
    side = 1 + 1.5 * draw(70)
    front = 2.5 + 4 * draw(71)
    main = [side, wide - side * 0.9, front, np.minimum(front + 8 + 5 * draw(72), deep - 2), 4 + 3.3 * (draw(73) < 0.4)]
    shed = draw(74) < 0.5
    at = deep - 2 - 4 * draw(75)
    return main, [wide * 0.1, np.where(shed, wide * 0.5, 0), at, deep - 0.8, np.full(len(wide), 3.0)]


def _hall(wide, deep, draw):
    side, front = 1 + 3 * draw(76), 2 + 9 * draw(77)
    main = [side, wide - side, front, deep - 1.5 - 4 * draw(78), 6 + 4 * draw(79)]
    lean = draw(80) < 0.5
    return main, [side, np.where(lean, wide * 0.4, 0), front - 1.5 * draw(81), front + 5, np.full(len(wide), 4.0)]


def _yarded(wide, deep, draw):
    """A long house behind a yard and a wing at its side."""
    main = [wide * 0.06, wide * 0.94, deep * 0.62, deep * 0.62 + np.clip(deep * 0.26, 5, 13), 7 + 4 * (draw(82) < 0.5)]
    wing = np.where((draw(83) < 0.7) & (wide > 16), wide * 0.06 + np.clip(wide * 0.2, 5, 11), 0)
    return main, [wide * 0.06, wing, deep * 0.18, deep * 0.6, np.full(len(wide), 7.0)]


# --- Painting ------------------------------------------------------------------------------------


def labels(canvas: Canvas, fabric: Fabric):
    """(block, block with its half of the streets) of each pixel, counted from 1; 0 where there is none."""
    burn = canvas.sheet.burn
    number = np.arange(1, len(fabric.shapes) + 1)
    return burn(fabric.shapes, number, "int32"), burn(fabric.pavements, number, "int32")


def paint_outskirts(canvas: Canvas, mask):
    """Built-up land between the blocks: gardens, yards and houses at all angles."""
    if not mask.any():
        return
    sheet = canvas.sheet
    ground = sheet.texture(cloud(1.2, 20), 3.0 if canvas.fine else 10.0)[mask]
    pick = np.clip(((ground + 1.2) / 2.4 * 4).astype(int), 0, 3)
    tone = 1 + 0.05 * canvas.grain[0][mask] + 0.05 * canvas.grain[1][mask]
    canvas.colour[mask] = YARDS[pick] * np.array([0.86, 0.88, 0.84], np.float32) * tone[:, None]
    canvas.trees[mask] = 0.3 + 0.12 * ground
    canvas.leaf[mask] = (66, 86, 46)
    if canvas.fine:
        _paint_huts(canvas, mask)
    else:
        cell = _cell(sheet, 10.0)
        roofs = mask & (chance(*cell, seed=88) < 0.3)
        canvas.colour[roofs] = canvas.colour[roofs] * 0.45 + roof_colours(chance(*cell, seed=89)[roofs]) * 0.5


def _cell(sheet, size):
    return np.meshgrid(np.floor(sheet.x / size), np.floor(sheet.y / size))


def _paint_huts(canvas, mask):
    """Single houses in cells of 15 m, each turned its own way."""
    sheet, size = canvas.sheet, gardens.CELL_M
    column, row = _cell(sheet, size)
    some = mask & gardens.has_hut(column, row)
    if not some.any():
        return
    i, j = column[some], row[some]
    centre = gardens.hut_places(i, j)
    x = (np.broadcast_to(sheet.x, sheet.shape)[some] - centre[0]).astype(np.float32)
    y = (np.broadcast_to(sheet.y[:, None], sheet.shape)[some] - centre[1]).astype(np.float32)
    turn = (np.floor(i / 9) * 7 + np.floor(j / 9) * 3) % 5 * 0.35 + chance(i, j, seed=93) * 0.2
    along, across = x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn)
    half_u, half_v = 2.6 + 2.6 * chance(i, j, seed=94), 2.2 + 1.8 * chance(i, j, seed=95)
    inside = np.clip(np.minimum(half_u - np.abs(along), half_v - np.abs(across)) / sheet.pixel + 0.5, 0, 1)
    slope = np.sign(across) * (SUN[1] * np.cos(turn) - SUN[0] * np.sin(turn))
    colour = roof_colours(chance(i, j, seed=96)) * (1 + 0.2 * slope + (chance(i, j, seed=97) - 0.5) * 0.25)[:, None]
    canvas.colour[some] += (colour - canvas.colour[some]) * inside[:, None]
    canvas.height[some] = np.where(inside > 0.5, 3.6, 0)
    here = canvas.trees[some]
    canvas.trees[some] = np.where(inside > 0.3, 0, here)


def paint_streets(canvas: Canvas, fabric: Fabric, label):
    """Half of the streets round each block: pavement at its edge, asphalt or concrete beyond; avenues between grids."""
    sheet = canvas.sheet
    if canvas.fine:
        canvas.put(sheet.burn(shapely.buffer(fabric.avenues, 6.2)) == 1, PAVEMENT, 0.04, 0.22)
    mask = label > 0
    if mask.any():
        block = label[mask] - 1
        _paint_street(canvas, fabric, mask, block, _points(sheet, mask, fabric, block))
    if canvas.fine:
        canvas.put(sheet.burn(shapely.buffer(fabric.avenues, 4.2)) == 1, (128, 127, 124), 0.025, 0.02)


def _paint_street(canvas, fabric, mask, block, place):
    along, across = place
    out = np.maximum(
        np.maximum(-along, along - fabric.length[block]), np.maximum(-across, across - fabric.depth[block])
    )
    main = chance(fabric.numbers[block] // 7, seed=41) < 0.55
    colour = np.where(main[:, None], ASPHALT, (158, 154, 146)).astype(np.float32)
    colour += (np.array(PAVEMENT, np.float32) - colour) * np.clip((2.0 - out) / 0.5, 0, 1)[:, None]
    tone = 1 + 0.03 * canvas.grain[0][mask] + 0.025 * canvas.grain[1][mask]
    canvas.colour[mask] = colour * tone[:, None]
    canvas.height[mask] = 0
    canvas.trees[mask] = np.where((out > 0.5) & (out < 2.2), 0.32, 0.03)
    canvas.leaf[mask] = (58, 82, 42)


def _points(sheet, mask, fabric, block):
    x = np.broadcast_to(sheet.x, sheet.shape)[mask]
    y = np.broadcast_to(sheet.y[:, None], sheet.shape)[mask]
    return fabric.local(block, x, y)


def paint_blocks(canvas: Canvas, fabric: Fabric, label):
    """Lots with yards, roofs and gardens. Of the second date only the lots that changed are worked out."""
    mask = np.flatnonzero(label)
    if not len(mask):
        return
    if not canvas.fine:
        paint_blocks_from_afar(canvas, mask, fabric.numbers[label.ravel()[mask] - 1])
        return
    first = canvas.sheet.once(
        "blocks", lambda: _block_pixels(canvas, fabric, mask, label.ravel()[mask].astype(np.int64) - 1)
    )
    _lay(canvas, mask, *first[1:])
    if first[0] != canvas.year:
        lot = first[-1]
        other = np.flatnonzero((fabric.lots.changes[lot] == 1) | fabric.cleared[lot])
        if len(other):
            there = mask[other]
            _lay(canvas, there, *_block_pixels(canvas, fabric, there, label.ravel()[there].astype(np.int64) - 1)[1:])


def _lay(canvas, mask, colour, height, trees, _lot):
    canvas.colour.reshape(-1, 3)[mask] = colour
    canvas.height.ravel()[mask], canvas.trees.ravel()[mask] = height, trees
    canvas.leaf.reshape(-1, 3)[mask] = (64, 86, 44)


def _block_pixels(canvas, fabric, mask, block):
    """Year, colour, height, share under trees and lot of pixels (flat indices) of the blocks."""
    sheet = canvas.sheet
    x, y = sheet.x[mask % sheet.columns], sheet.y[mask // sheet.columns]
    lot, u, w = fabric.lot_at(block, *fabric.local(block, x, y))
    spare = (lot < 0) | (w > fabric.lots.depth[lot] + 0.3)
    colour, trees = _yards(canvas, mask, fabric, lot, u, w, spare)
    height = np.zeros(len(lot), np.float32)
    bare = ~_stands(canvas, fabric.lots, lot) | spare
    for part in (1, 0):
        _roof(canvas, fabric, (lot, u, w, block), part, bare, (colour, height, trees))
    return canvas.year, colour, height, trees, lot


def _stands(canvas, lots, lot):
    """Whether a roof stands on the lot at this date."""
    kind = lots.stands[lot]
    stands = kind <= YARDED
    if canvas.year <= 2024:
        stands &= lots.changes[lot] == 0
    return stands


def _yards(canvas, mask, fabric, lot, u, w, spare):
    """Ground of the lots: colour (n, 3) and share under trees (n)."""
    lots = fabric.lots
    number = lots.key[lot]
    kind = np.where(spare, VILLA, lots.stands[lot])
    rough = 1 + 0.05 * canvas.grain[0].ravel()[mask] + 0.05 * canvas.grain[1].ravel()[mask]
    texture = canvas.sheet.texture
    drift = 0.7 * texture(cloud(1.2, 21), 2.0).ravel()[mask] + 0.8 * texture(cloud(1.5, 23), 1.5).ravel()[mask]
    draw = chance(number, seed=45)
    pick = np.clip(draw * 2.2 + 0.35 * drift + np.where(kind == VILLA, 1.4, 0), 0, 3).astype(int)
    colour = YARDS[pick] * rough[:, None]
    trees = np.array([0.12, 0.4, 0.05, 0.16, 0.1, 0.5, 0.02, 0.12, 0.06, 0.42], np.float32)[kind]
    _paint_vacant(canvas, fabric, (kind, lot), drift, rough, (colour, trees))
    for where, tint in (
        (PARK, (104, 122, 64)),
        (PITCH, (108, 134, 70)),
        (PAVED, (134, 132, 128)),
        (GRAVES, (166, 160, 144)),
    ):
        here = kind == where
        colour[here] = np.array(tint, np.float32) * rough[here, None]
    _paint_marks(kind, lots, lot, u, w, colour)
    return colour, trees


def _paint_vacant(canvas, fabric, where, drift, rough, made):
    """Empty lots: weeds, dry grass or bare earth; those for auction are levelled and bare at the second date."""
    kind, lot = where
    colour, trees = made
    later = canvas.year > 2024
    empty = np.flatnonzero((kind == VACANT) | (fabric.lots.changes[lot] == 1) & (not later) & (kind <= YARDED))
    lot, drift = lot[empty], drift[empty]
    state = 0.2 + chance(fabric.lots.key[lot], seed=46) * 1.1 + 0.42 * drift
    cleared = fabric.cleared[lot] & later
    state = np.where(cleared, 1.72 + 0.07 * drift, state)
    weeds = np.array([(92, 106, 60), (128, 126, 82), (160, 144, 108), (186, 160, 126)], np.float32)
    at = np.clip(state * 1.7, 0, 2.999)
    low = at.astype(int)
    blend = weeds[low] + (weeds[low + 1] - weeds[low]) * (at - low)[:, None]
    colour[empty] = blend * rough[empty, None]
    trees[empty] = np.where(cleared, 0.0, 0.2 * np.clip(1.2 - state, 0, 1))
    scrub = kind == SCRUBLAND
    colour[scrub] = np.array((108, 112, 68), np.float32) * rough[scrub, None]


def _paint_marks(kind, lots, lot, u, w, colour):
    """Lines of a pitch, graves in rows, bays of a car park, walls between lots."""
    grave = (kind == GRAVES) & (np.mod(u, 3.2) < 1.8) & (np.mod(w, 4.2) < 2.6)
    colour[grave] = colour[grave] * 1.18
    wide = lots.end[lot] - lots.start[lot]
    inset = np.minimum(np.minimum(u, wide - u), np.minimum(w, lots.depth[lot] - w))
    line = (kind == PITCH) & (np.abs(inset - 4) < 0.3)
    colour[line] = (208, 212, 204)
    wall = (inset < 0.35) & np.isin(kind, (VILLA, YARDED, HALL, GRAVES, PITCH))
    colour[wall] = colour[wall] * 0.5 + np.array((180, 172, 158), np.float32) * 0.5


def _roof(canvas, fabric, where, part, bare, made):
    """Lay one of the two roofs of each lot over colour, height and trees of its pixels."""
    lot, u, w, block = where
    colour, height, trees = made
    parts = fabric.parts
    left, right, front, back = (getattr(parts, name)[lot, part] for name in ("left", "right", "front", "back"))
    inside = np.minimum(np.minimum(u - left, right - u), np.minimum(w - front, back - w))
    inside = np.where(bare, -1, inside)
    roofed = np.flatnonzero(inside > -0.5 * canvas.sheet.pixel)
    if not len(roofed):
        return
    lot, u, w, block, inside = lot[roofed], u[roofed], w[roofed], block[roofed], inside[roofed]
    left, right, front, back = left[roofed], right[roofed], front[roofed], back[roofed]
    weight = np.clip(inside / canvas.sheet.pixel + 0.5, 0, 1)
    shade = _facets(fabric, (lot, u, w, block), part, (left, right, front, back))
    kind = parts.roof[lot, part]
    number = fabric.lots.key[lot]
    tone = (1 + (chance(number, seed=47 + part) - 0.5) * 0.3) * shade
    flat = kind >= FLAT
    ribs = np.sin((u if canvas.fine else w) * (2 * np.pi / 1.1)) * ROOFS[kind, 4] * 0.5
    tone = tone + np.where(flat, 0, ribs)
    tint = ROOFS[kind, 1:4] * tone[:, None]
    _terraces(flat & (part == 0), inside, u - left, w - front, number, tint)
    colour[roofed] += (tint - colour[roofed]) * weight[:, None]
    height[roofed] = np.where(weight > 0.5, parts.height[lot, part], height[roofed])
    trees[roofed] = np.where(weight > 0.2, 0, trees[roofed])


def _facets(fabric, where, part, edges):
    """Light on the roof's slopes, a factor; halls have several ridges."""
    lot, u, w, block = where
    left, right, front, back = edges
    ridge = fabric.parts.ridge[lot, part]
    at = np.where(ridge == 0, u - left, w - front)
    span = np.where(ridge == 0, right - left, back - front)
    several = np.maximum(np.rint(span / 18), 1)
    side = np.where(np.mod(at, span / several) < span / several / 2, -1.0, 1.0)
    angle = fabric.angle[block] + np.where(ridge == 0, 0, np.pi / 2)
    side = np.where((ridge == 1) & (fabric.lots.row[lot] == 1), -side, side)
    facing = np.cos(angle) * SUN[0] + np.sin(angle) * SUN[1]
    pitched = fabric.parts.roof[lot, part] < FLAT
    return np.where(pitched, 1 + 0.2 * side * facing, 1.0).astype(np.float32)


def _terraces(flat, inside, u, w, number, tint):
    """Flat roofs: a parapet, a stair head, a steel water tank."""
    parapet = flat & (inside < 0.5)
    tint[parapet] *= 1.1
    draw = chance(number, seed=55)
    tank = flat & (np.hypot(u - 1.6, w - 2 - 6 * draw) < 0.75) & (draw < 0.7)
    tint[tank] = (226, 232, 238)
    stairs = flat & (np.abs(u - 2.2) < 1.4) & (np.abs(w - 9 - 2 * draw) < 1.8) & (draw > 0.35)
    tint[stairs] *= 0.82


# --- What moves ----------------------------------------------------------------------------------

CAR_COLOURS = np.array([(232, 232, 230), (206, 208, 210), (60, 62, 66), (110, 112, 116), (150, 52, 46), (72, 88, 120)])
HULL = np.array([(-0.5, -0.4), (0.15, -0.5), (0.38, -0.32), (0.52, 0), (0.38, 0.32), (0.15, 0.5), (-0.5, 0.4)])
BOAT_COLOURS = np.array([(72, 112, 150), (92, 134, 122), (150, 96, 70), (206, 204, 196), (64, 84, 110)])


def stops(world: World, fabric: Fabric, near):
    """Where a car may be: (n, 5) easting, northing, direction of the way there (2), metres to either side of it."""
    roads = [(line, width / 2 - 2.2, 34) for kind in world.roads_by_kind.values() for line, width in kind]
    sides = shapely.buffer(fabric.shapes, 1.4, cap_style="square", join_style="mitre")
    lines = [(line, 3.2, 34) for line in fabric.avenues] + roads
    lines += [(shapely.LineString(side.exterior), 0.0, 62) for side in sides]
    found = [np.empty((0, 5))]
    for line, aside, apart in lines:
        at = np.arange(apart / 2, line.length - 1, apart)
        point, ahead = (shapely.get_coordinates(shapely.line_interpolate_point(line, at + d)) for d in (0, 1))
        found.append(np.column_stack([point, ahead - point, np.full(len(at), aside)]))
    places = np.vstack(found)
    return places[shapely.contains_xy(near, places[:, :2])]


def paint_traffic(canvas: Canvas, fabric: Fabric):
    """Cars and some trucks, on the roads and along the streets; other ones at each date."""
    if not canvas.fine:
        return
    west, south, east, north = canvas.sheet.box.buffer(8).bounds
    x, y = fabric.stops[:, 0], fabric.stops[:, 1]
    here = fabric.stops[(x > west) & (x < east) & (y > south) & (y < north)]
    draw = [chance(*np.rint(here[:, :2]).astype(int).T, seed=s + canvas.year) for s in (100, 101, 102)]
    shapes = []
    for k in np.flatnonzero(draw[0] < 0.5):
        way, size = here[k, 2:4], draw[2][k]
        aside = here[k, 4] * (0.55 + 0.45 * size) * (1 if draw[1][k] < 0.5 else -1)
        shapes.append(_oblong(here[k, :2] + np.array([-way[1], way[0]]) * aside, way, 4.4 + 5 * (size > 0.93), 1.9))
    _paint_vehicles(canvas, shapes, CAR_COLOURS, 1.5)


def _oblong(centre, way, length, width):
    across = np.array([-way[1], way[0]]) * width / 2
    along = way * length / 2
    return shapely.Polygon(
        [centre - along - across, centre + along - across, centre + along + across, centre - along + across]
    )


def paint_boats(canvas: Canvas, is_land):
    """Fishing boats at anchor in the bay."""
    sheet, size = canvas.sheet, 38.0
    if not canvas.fine or is_land.all():
        return
    i, j = np.meshgrid(*(np.unique(np.floor(axis / size)).astype(int) for axis in (sheet.x, sheet.y)))
    draw = [chance(i, j, seed=s + canvas.year) for s in range(110, 114)]
    x, y = (i + 0.2 + 0.6 * draw[1]) * size, (j + 0.2 + 0.6 * draw[2]) * size
    away = canvas.world.from_shore(x, y)
    moored = (draw[0] < 0.42 * np.exp(-(((away - 260) / 170) ** 2))) & (x < 426_500) & (y > 1_144_000)
    shapes = []
    for row, column in zip(*np.nonzero(moored), strict=True):
        turn = 2.2 + 0.5 * draw[3][row, column]
        length = 8 + 9 * draw[3][row, column]
        hull = HULL * [length, length * 0.26] @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
        shapes.append(shapely.Polygon(hull + [x[row, column], y[row, column]]))
    _paint_vehicles(canvas, shapes, BOAT_COLOURS, 2.0, water=~is_land)


def _paint_vehicles(canvas, shapes, colours, height, water=None):
    if not shapes:
        return
    number = np.arange(1, len(shapes) + 1)
    label = canvas.sheet.burn(shapes, number, "int32")
    mask = (label > 0) & ((canvas.height < 1) if water is None else water)
    centre = shapely.get_coordinates(shapely.centroid(np.array(shapes)))
    pick = chance(*np.rint(centre * 2).astype(int).T, seed=120) * len(colours)
    canvas.colour[mask] = colours[pick.astype(int)][label[mask] - 1]
    canvas.height[mask] = height
