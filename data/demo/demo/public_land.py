"""The demo's inventory of public land: 7,571 plots, exactly 11,104.20 ha, as an office of 2021 would send it.

The file is a zipped Shapefile in VN-2000 / TM-3 107-45 with text in TCVN3, without .prj and .cpg: nothing in it says
so, and whoever loads it has to know.
"""

from collections import defaultdict
from pathlib import Path

import geopandas
import numpy as np
import pandas
import shapely

from landgis.lib import text

from . import SRID, fabric
from .country_plots import Region, largest, mosaic, strip
from .dbf import write_shapefile
from .landscape import Landscape, province
from .plot_facts import Clerk, DraftPlot, kinds, one_of, pick, vocabulary
from .town_plots import Rows, plot, resettlement_lots

COUNT = 7_571
TOTAL_M2 = 111_042_000.0
QUOTA = {
    "lot": 1350,
    "town": 3190,
    "village": 1240,
    "shore": 105,
    "bank": 136,
    "pond": 150,
    "salt": 90,
    "rice": 160,
    "forest": 300,
    "farm": 850,
}
URBAN_SHARE = {"747": 35, "748": 22, "754": 20, "752": 8, "753": 6, "750": 4, "751": 4, "755": 1}
RICE = ["26671", "26668", "26659", "26665", "26680", "26683", "26698", "26695", "26686", "26689", "26569", "26572"]
SALT = ["26665", "26542", "26545", "26659", "26674", "26668", "26566"]
PONDS = ["26713", "26545", "26542", "26710", "26566", "26707", "26716", "26560", "26674"]
# mosaics: corners an edge, how far they move
SHAPES = {"rice": (1, 0.05), "salt": (1, 0.03), "pond": (2, 0.16), "farm": (2, 0.2), "forest": (4, 0.3)}
COLUMNS = {  # name: (type, width); the order of the file
    "MAKHU": ("C", 16),
    "TENKHU": ("C", 120),
    "MAHUYEN": ("C", 3),
    "TENHUYEN": ("C", 40),
    "MAXA": ("C", 5),
    "TENXA": ("C", 50),
    "DIACHI": ("C", 160),
    "SOTO": ("C", 10),
    "SOTHUA": ("C", 30),
    "LOAIDAT": ("C", 5),
    "HIENTRANG": ("C", 8),
    "DTICHPL": ("N", 13),
    "LOAIQL": ("C", 8),
    "DONVIQL": ("C", 120),
    "NGUONGOC": ("C", 8),
    "SOQD": ("C", 40),
    "NGAYQD": ("D", 8),
    "CQQD": ("C", 80),
    "GCN": ("C", 8),
    "PHUONGAN": ("C", 8),
    "QHSDD": ("C", 5),
    "HANTHUE": ("D", 8),
    "NGAYKT": ("D", 8),
    "KETQUAKT": ("C", 8),
    "GHICHU": ("C", 200),
}
SHEET_M = 500  # side of a map sheet at 1:1,000
MARKS = {"747": "VT", "748": "BR", "750": "CD", "751": "XM", "752": "LD", "753": "DD", "754": "PM", "755": "CO"}


def plots(seed: int = 77) -> geopandas.GeoDataFrame:
    """All plots, ordered by code; columns as in COLUMNS, geometry in EPSG:5899, DTICHPL in m2 to 0.1.

    The same seed gives the same table.
    """
    rng = np.random.default_rng(seed)
    land = province()
    made = _made(land, rng)
    clerk = Clerk(land, rng)
    _name_roads(land, made)
    table = pandas.DataFrame([clerk.record(p) for p in made])
    shapes = shapely.transform(np.array([p.polygon for p in made], dtype=object), lambda xy: np.round(xy, 3))
    table["DTICHPL"] = _legal_areas(shapely.area(shapes), rng)
    _number(table, shapes, rng)
    table = geopandas.GeoDataFrame(table[list(COLUMNS)], geometry=shapes, crs=SRID)
    return table.sort_values("MAKHU", ignore_index=True)


def write(path: Path, seed: int = 77) -> None:
    """The inventory as a zipped Shapefile `dat_cong`; the same seed gives the same bytes."""
    save(plots(seed), path)


def save(table: geopandas.GeoDataFrame, path: Path) -> None:
    """A table of plots() as a zipped Shapefile."""
    write_shapefile(path, "dat_cong", table, COLUMNS, lambda value: text.encode(value, "tcvn3"))


# --- How many, where ----------------------------------------------------------------------------


def shares(count: int, weights) -> list[int]:
    """Split a whole number by weights, by the largest remainders."""
    exact = np.asarray(weights, float) / np.sum(weights) * count
    whole = np.floor(exact).astype(int)
    whole[np.argsort(whole - exact, kind="stable")[: count - whole.sum()]] += 1
    return whole.tolist()


def _made(land: Landscape, rng) -> list[DraftPlot]:
    blocks = fabric.blocks(land)
    closed = fabric.closed_land(land)
    made = _strips(land, blocks, closed, rng)
    for number, town, lots, village in _town_quotas(land, blocks):
        made += _commune_lots(land, number, blocks[number], {"lot": lots, "town": town, "village": village}, rng)
    return made + _countryside(land, closed, blocks, made, rng)


def _town_quotas(land, blocks):
    """(commune, town plots, resettlement lots, village plots)."""
    urban = [k for k, c in enumerate(land.communes) if c.urban]
    rural = [k for k, c in enumerate(land.communes) if not c.urban]
    district: defaultdict[str, float] = defaultdict(float)
    for k in urban:
        district[land.communes[k].district] += len(blocks[k]) ** 0.6
    weight = [len(blocks[k]) ** 0.6 / district[(d := land.communes[k].district)] * URBAN_SHARE[d] for k in urban]
    towns, lots = shares(QUOTA["town"], weight), shares(QUOTA["lot"], np.square(weight))
    villages = shares(QUOTA["village"], [len(blocks[k]) ** 0.5 for k in rural])
    yield from zip(urban, towns, lots, [0] * len(urban), strict=True)
    yield from zip(rural, [0] * len(rural), [0] * len(rural), villages, strict=True)


# --- Towns and villages -------------------------------------------------------------------------


def _commune_lots(land, number, blocks, quota, rng) -> list[DraftPlot]:
    """Plots in the blocks of one commune; large ones first, while there is room for them."""
    rows = [Rows(block) for block in blocks]
    made = list(_estates(land, number, rows, quota["lot"], rng))
    wanted = []
    for where in ("town", "village"):
        for _ in range(quota[where]):
            kind = pick(kinds()[where], rng)
            wanted.append((kind.median * np.exp(np.clip(rng.normal(0, kind.sigma), -2.3, 2.1)), kind))
    for area, kind in sorted(wanted, key=lambda pair: -pair[0]):
        found = None
        while found is None:
            found = plot(rows, area, rng)
            area = max(area * 0.85, 45)
        free, row, polygon = found
        made.append(DraftPlot(kind, number, polygon, {"street": free.block.streets[row]}))
    return made


def _estates(land, number, rows, count, rng):
    """Resettlement estates: both rows of some blocks, cut into equal lots."""
    kind = kinds()["lot"][0][0]
    names = vocabulary()["estates"][land.communes[number].district]
    letter, order = 0, rng.permutation(len(rows))
    while count > 0:
        free = rows[order[letter]]
        letter += 1
        if free.block.length < 55 or free.block.depth > 60:
            continue
        estate = one_of(names, rng)
        for row in (0, 1):
            area = kind.median * np.exp(rng.normal(0, kind.sigma))
            for lot, polygon in resettlement_lots(free, row, count, area, rng):
                words = {
                    "street": free.block.streets[row],
                    "estate": estate,
                    "lot": f"{chr(65 + letter % 20)}{row + 1}-{lot:02d}",
                }
                count -= 1
                yield DraftPlot(kind, number, polygon, words)


# --- Shore and river banks ----------------------------------------------------------------------


def _strips(land, blocks, closed, rng) -> list[DraftPlot]:
    """Accreted land along the shore and the rivers, clear of blocks, roads and one another."""
    rivers = [(name, shapely.LineString(shape.exterior)) for name, shape in land.rivers.items()]
    roads = shapely.unary_union([road.line.buffer(road.width / 2 + 3) for road in land.roads])
    obstacles = shapely.STRtree([block.polygon for of_commune in blocks for block in of_commune])
    made: list[DraftPlot] = []
    taken: list[shapely.Polygon] = []
    for where, lines in (("shore", [("", line) for line in land.coast]), ("bank", rivers)):
        weights = np.cumsum([line.length for _, line in lines])
        wanted = len(made) + QUOTA[where]
        while len(made) < wanted:
            name, line = lines[int(np.searchsorted(weights, rng.uniform(0, weights[-1])))]
            size = ((90, 900), (14, 60)) if where == "shore" else ((70, 600), (9, 38))
            shape = strip(line, rng, *size)
            number = _commune_at(
                land, shape.centroid if where == "bank" else line.interpolate(line.project(shape.centroid))
            )
            if number is None:
                continue
            inside = shape & land.communes[number].boundary.buffer(-2) - roads - land.water.buffer(1)
            shape = largest(inside.buffer(-1).buffer(1)).simplify(0.8)
            if shape.area < 400 or len(obstacles.query(shape, predicate="intersects")):
                continue
            shape = shape.buffer(-0.5, join_style="mitre", mitre_limit=2)
            if shape.geom_type != "Polygon" or shapely.intersects(shape, taken).any():
                continue
            taken.append(shape)
            made.append(DraftPlot(pick(kinds()[where], rng), number, shape, {"river": name}))
    return made


def _commune_at(land, point) -> int | None:
    near = [(c.boundary.distance(point), k) for k, c in enumerate(land.communes)]
    distance, number = min(near)
    return number if distance < 200 else None


# --- Fields, ponds and forest -------------------------------------------------------------------


def _countryside(land, closed, blocks, made, rng) -> list[DraftPlot]:
    """Mosaics of pieces. Their sizes share what is left of the total, so that the sum comes out."""
    regions = _regions(land, closed, blocks, made)
    jobs = _jobs(land, regions, rng)
    budget = TOTAL_M2 - sum(p.polygon.area for p in made)
    wanted = sum(count * mean for _, _, count, mean in jobs)
    pieces = []
    for number, kind, count, mean in jobs:
        scale = np.clip(budget / wanted, 0.6, 1.7)
        wanted -= mean * count
        polygons, spot = _placed(regions[number, kind.where], kind, count, mean * scale, rng)
        budget -= sum(polygon.area for polygon in polygons)
        pieces += [(DraftPlot(kind, number, polygon), spot) for polygon in polygons]
    total = sum(p.polygon.area for p, _ in pieces)
    grow = ((total + budget) / total) ** 0.5
    if not 0.93 < grow < 1.068:
        raise RuntimeError(f"The countryside cannot make up the total: its pieces would have to grow by {grow:.3f}.")
    for p, spot in pieces:
        p.polygon = shapely.transform(p.polygon, lambda xy, spot=spot: spot + (xy - spot) * grow)
    return [p for p, _ in pieces]


def _regions(land, closed, blocks, made):
    """(commune, kind of place) -> Region; the regions of one commune share what is taken."""
    hills = fabric.slopes(land)
    mangrove = shapely.unary_union([shape for _, kind, shape in land.forests if kind == "mangrove"])
    woods = shapely.unary_union([hills, *(shape for _, kind, shape in land.forests if kind == "protected")])
    forest, field, swamp = woods - closed, closed | woods | mangrove, mangrove - closed
    taken = defaultdict(list)
    for p in made:
        if p.kind.where in ("shore", "bank"):
            taken[p.commune].append(p.polygon)
    regions = {}
    for k, commune in enumerate(land.communes):
        free = commune.boundary.buffer(-5) - fabric.built_up(land, commune).buffer(8)
        for where, shape in (("farm", free - field), ("forest", free & forest), ("pond", free & swamp)):
            regions[k, where] = Region(shape, taken[k])
        regions[k, "rice"] = regions[k, "salt"] = regions[k, "farm"]
    return regions


def _jobs(land, regions, rng):
    """Mosaics to place, the largest first: (commune, kind of place, kind, number of pieces, mean area)."""
    chosen = {"rice": RICE, "salt": SALT, "pond": PONDS}
    sizes = {"rice": 9, "salt": 12, "pond": 4, "farm": 2.2, "forest": 1.6}
    jobs = []
    for where, more in sizes.items():
        area = [regions[k, where].shape.area for k in range(len(land.communes))]
        weights = [
            0 if where in chosen and c.code not in chosen[where] else max(a - 4e5, 0) ** 0.7 * (0.5 if c.urban else 1)
            for a, c in zip(area, land.communes, strict=True)
        ]
        for number, count in enumerate(shares(QUOTA[where], weights)):
            while count:
                pieces = min(count, 1 + int(rng.poisson(more)))
                kind = _kind_for(where, land.communes[number], rng)
                mean = kind.median * np.exp(np.clip(rng.normal(0, kind.sigma), -2, 2))
                jobs.append((number, kind, pieces, mean))
                count -= pieces
    return sorted(jobs, key=lambda job: -job[2] * job[3])


def _kind_for(where, commune, rng):
    """A kind that makes sense there: reserves in the east and on Côn Đảo, quarries round Phú Mỹ and Bà Rịa."""
    while True:
        kind = pick(kinds()[where], rng)
        if kind.land_use == "RDD" and commune.code not in ("26632", "26653", "26656", "26629", "755"):
            continue
        if kind.land_use == "SKS" and commune.district not in ("748", "754"):
            continue
        return kind


def _placed(region, kind, count, mean, rng):
    """Place one mosaic of `count` pieces; it shrinks until it finds room. Returns (polygons, centre)."""
    columns = int(np.ceil((count * rng.uniform(0.8, 2.2)) ** 0.5))
    rows = int(np.ceil(count / columns)) + int(count > 3 and rng.random() < 0.5)
    kept = np.sort(rng.choice(columns * rows, count, replace=False))
    while mean > 300:
        cells = mosaic(columns, rows, mean**0.5, *SHAPES[kind.where], rng)
        found = region.place([cells[k] for k in kept], rng)
        if found:
            return found
        mean *= 0.85
    raise RuntimeError("No room for a field: too many plots for the commune.")


# --- Names, numbers, areas ----------------------------------------------------------------------


def _name_roads(land, made):
    """Note the main road that a plot lies on."""
    tree = shapely.STRtree([road.line for road in land.roads])
    shapes = [p.polygon for p in made]
    for k, road in tree.query(shapes, predicate="dwithin", distance=28).T:
        if land.roads[road].kind != "motorway":
            made[k].words["road"] = land.roads[road].name


def _legal_areas(area, rng):
    """Areas on paper, m2 to 0.1: most equal the drawing, some differ a little; they add up to TOTAL_M2 exactly."""
    kind = rng.random(len(area))
    error = np.where(
        kind < 0.7, 0, np.where(kind < 0.95, rng.normal(0, 0.003, len(area)), rng.normal(0, 0.015, len(area)))
    )
    tenths = np.round(area * (1 + np.clip(error, -0.04, 0.04)) * 10).astype(np.int64)
    largest_first = np.argsort(-tenths, kind="stable")[:400]
    rest = round(TOTAL_M2 * 10) - int(tenths.sum())
    tenths[largest_first] += (rest * tenths[largest_first] / tenths[largest_first].sum()).astype(np.int64)
    tenths[largest_first[0]] += round(TOTAL_M2 * 10) - int(tenths.sum())
    return tenths / 10


def _number(table, shapes, rng):
    """Codes from north to south in zigzag within the commune, map sheets by a grid, parcel numbers within the sheet."""
    x, y = shapely.get_x(shapely.centroid(shapes)), shapely.get_y(shapely.centroid(shapes))
    area = table["DTICHPL"].to_numpy()
    codes, sheets, parcels = ([""] * len(table) for _ in range(3))
    for commune, rows in table.groupby("MAXA", sort=True).indices.items():
        mark = MARKS[table["MAHUYEN"].iat[rows[0]]]
        band = np.floor(-y[rows] / 400)
        order = rows[np.lexsort((np.where(band % 2, x[rows], -x[rows]), band))]
        cells = list(zip(np.floor(-y[order] / SHEET_M), np.floor(x[order] / SHEET_M), strict=True))
        sheet_of = {cell: n for n, cell in enumerate(sorted(set(cells)), 1)}
        next_parcel = {cell: int(rng.integers(1, 9)) for cell in sheet_of}
        for n, (row, cell) in enumerate(zip(order, cells, strict=True), 1):
            count = 1 + min(int(rng.exponential(0.5)), 3) * bool(area[row] > 1500)
            first = next_parcel[cell]
            next_parcel[cell] = first + count + int(rng.geometric(0.12))
            codes[row] = f"{mark}-{commune}-{n:04d}"
            sheets[row] = str(sheet_of[cell])
            parcels[row] = ", ".join(str(first + k) for k in range(count))
    table["MAKHU"], table["SOTO"], table["SOTHUA"] = codes, sheets, parcels
    repeated = table.groupby(["MAXA", "TENKHU"]).cumcount()
    table["TENKHU"] += np.where(repeated > 0, " (khu " + (repeated + 1).astype(str) + ")", "")
