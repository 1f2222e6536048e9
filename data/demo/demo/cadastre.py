"""The demo's cadastre: parcels of the towns and the country as the offices of seven districts would send them.

The lots, gardens and fields are those that the scenes show; public plots are whole parcels or made of whole ones. More
parcels fill more of the blocks and patches round the towns. EPSG:5899; the same seed gives the same bytes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import geopandas
import numpy as np
import pandas
import pyogrio
import shapely

from landgis.lib import text

from . import (
    SRID,
    admin_units,
    block_lots,
    farm_parcels,
    gardens,
    land_prices,
    parcel_facts,
    parcel_numbers,
    scenes,
    town_parcels,
)
from .dbf import write_shapefile
from .landscape import GRID, province
from .planning_zones import write_geopackage
from .public_land import shares
from .scene_world import World
from .town_parcels import FARM, FIELD, LOT, ParcelColumns

COUNT = 40_000
FULL = 40_000  # with so many parcels the gardens of the scenes' towns are complete
# share of the parcels, and the communes in whose middle surveying began; where a scene shows a town, it began there
DISTRICTS = {
    "747": (31, ("vung-tau",)),
    "748": (20, ("ba-ria", "26572")),
    "754": (22, ("phu-my", "26707")),
    "752": (12, ("26659", "26665")),
    "753": (6, ("26680", "26683")),
    "750": (5, ("26575", "26578")),
    "751": (4, ("26620", "26629")),
}
COUNTRY = 0.2  # share of fields and farms
GUARDED = ("747", "748", "754", "752")  # districts with land of defence and public security
MASK_M = 2.5  # a mask reaches so far into the streets round its block
# file: its districts. An office sends its own districts, so that a file is not the complete dataset.
PARCEL_FILES = {
    "thua_dat_vung_tau.gpkg": ("747",),
    "thua_dat_ba_ria.zip": ("748",),
    "thua_dat_phu_my.fgb": ("754",),
    "thua_dat_long_dien.csv": ("752",),
    "thua_dat_cac_huyen.gpkg": ("753", "750", "751"),
}
MASK_FILE, PRICE_FILE = "vung_che_thua_dat.gpkg", "bang_gia_dat.csv"
FILES = (MASK_FILE, *PARCEL_FILES, PRICE_FILE)  # masks first so that nothing is seen before
COLUMNS = {  # name: (type, width) in a dBASE table; the order of every file
    "MATHUA": ("C", 12),
    "MAXA": ("C", 5),
    "TENXA": ("C", 50),
    "MAXAMOI": ("C", 5),
    "TENXAMOI": ("C", 50),
    "SHBANDO": ("C", 10),
    "SHTHUA": ("C", 10),
    "SOPHU": ("C", 1),
    "LOAIDAT": ("C", 5),
    "MDSD": ("C", 80),
    "DTPL": ("N", 13),
    "DIACHI": ("C", 160),
    "TILE": ("C", 6),
    "NGAYDO": ("D", 8),
    "LOAICHU": ("C", 5),
    "TENCHU": ("C", 120),
    "SOGCN": ("C", 20),
    "CCCD": ("C", 12),
    "CONGKHAI": ("C", 1),
}


@dataclass(eq=False)
class Cadastre:
    """Parcels (columns as in COLUMNS, and MAHUYEN) and masks in EPSG:5899, prices without geometry."""

    parcels: geopandas.GeoDataFrame
    masks: geopandas.GeoDataFrame
    prices: pandas.DataFrame


def made(plots: geopandas.GeoDataFrame, count: int = COUNT, seed: int = 80) -> Cadastre:
    """The cadastre round the plots of public_land.plots(), of exactly `count` parcels.

    Raises ValueError where there is no room for so many, or hardly one for each district.
    """
    if count < 200:
        raise ValueError("The demo's cadastre has at least 200 parcels.")
    world = World(province(), plots)
    parcels, masks = survey(world, count)
    rng = np.random.default_rng(seed)
    return Cadastre(_register(world, parcels, rng), masks, land_prices.table(world.land, world.blocks))


def write(folder: Path, plots: geopandas.GeoDataFrame, count: int = COUNT, seed: int = 80) -> None:
    """The files of FILES."""
    save(made(plots, count, seed), folder)


# --- Which land is surveyed -----------------------------------------------------------------------


def survey(world: World, count: int) -> tuple[ParcelColumns, geopandas.GeoDataFrame]:
    """(exactly `count` parcels without numbers, masks): blocks, gardens, then fields until there are enough."""
    outlines = town_parcels.plot_parts(world.plots)
    focus, district = _focuses(world), np.array([c.district for c in world.land.communes])
    between = [_gardens(world, outlines, frame, count) for frame in _town_frames()]
    chosen = _blocks(world, round(count * (1 - COUNTRY)) - sum(map(len, between)), focus)
    guards = _guards(world, chosen)
    blocks = [world.blocks[k] for k in chosen]
    town = town_parcels.together(
        [*between, town_parcels.of_blocks(world.land, world.plots, outlines, blocks, chosen, guards)]
    )
    town = town.only(np.isin(district[town.commune], list(DISTRICTS)))
    country = _country(world, outlines, count - len(town), focus)
    parcels = town_parcels.together([town, country])
    if len(parcels) > count:
        parcels = parcels.only(_without_the_last_lots(parcels, len(parcels) - count, len(town)))
    if len(parcels) < count:
        raise ValueError(f"The demo's province has no room for {count} parcels.")
    return parcels, _masks(world, guards)


def _town_frames() -> list[scenes.Frame]:
    return [frame for frame in scenes.FRAMES if frame.pixel < 1]


def _box(frame: scenes.Frame) -> shapely.Polygon:
    return shapely.box(frame.west, frame.south, frame.east, frame.north)


def _focuses(world) -> np.ndarray:
    """Where surveying began: the middles of scenes and of communes, (places, 2)."""
    place = {f.name: ((f.west + f.east) / 2, (f.south + f.north) / 2) for f in scenes.FRAMES}
    place |= {c.code: c.centre for c in world.land.communes}
    return np.array([place[name] for _, names in DISTRICTS.values() for name in names])


def _away(points, focus) -> np.ndarray:
    """Metres from the nearest place where surveying began."""
    return np.hypot(*(points[:, None] - focus[None]).transpose(2, 0, 1)).min(1)


def _blocks(world, count, focus) -> np.ndarray:
    """Numbers of blocks with `count` lots, hardly more, by district from its focus outwards."""
    away = _away(shapely.get_coordinates(shapely.centroid(world.block_shapes)), focus)
    # what a scene shows comes first
    shown = shapely.intersects(world.block_shapes, shapely.union_all([_box(frame) for frame in _town_frames()]))
    away = np.where(shown, away - away.max(), away)
    district = np.array([world.land.communes[block.commune].district for block in world.blocks])
    # fewer lots than there are, so that the candidates are enough
    expected = np.array([block.length * (0.05 if block.depth > 90 else 0.2) for block in world.blocks])
    chosen = []
    for name, wanted in zip(DISTRICTS, shares(count, [share for share, _ in DISTRICTS.values()]), strict=True):
        own = np.flatnonzero(district == name)
        own = own[np.argsort(away[own], kind="stable")]
        own = own[: 1 + int(np.searchsorted(np.cumsum(expected[own]), wanted))]
        lots = block_lots.subdivide(world.land, world.plots, [world.blocks[k] for k in own], own)
        found = np.cumsum(np.bincount(lots.block, minlength=len(own)))
        chosen.append(own[: 1 + int(np.searchsorted(found, wanted))])
    return np.sort(np.concatenate(chosen))


def _guards(world, chosen) -> dict[int, int]:
    """Blocks with guarded land: one of defence and one of public security in some districts, where no public plot is."""
    district = np.array([world.land.communes[world.blocks[k].commune].district for k in chosen])
    plain = np.array([world.blocks[k].depth < 90 and world.blocks[k].length > 70 for k in chosen])
    tree = shapely.STRtree(world.block_shapes[chosen])
    public, _ = np.unique(tree.query(world.plots.geometry.to_numpy(), predicate="intersects")[1], return_index=True)
    plain[public] = False
    guards = {}
    for name in GUARDED:
        own = chosen[plain & (district == name)]
        for kind, share in ((1, 0.3), (2, 0.7)):
            if len(own) > 1:
                guards[int(own[int(len(own) * share)])] = kind
    return guards


def _masks(world, guards) -> geopandas.GeoDataFrame:
    """The whole block round each guarded parcel, to the middle of its streets."""
    numbers = sorted(guards)
    shapes = shapely.buffer(world.block_shapes[numbers], MASK_M, cap_style="square", join_style="mitre")
    codes = [f"CHE-{k:02d}" for k in range(1, len(numbers) + 1)]
    names = [f"Khu vực không công khai số {k}" for k in range(1, len(numbers) + 1)]
    columns = {"MAVUNG": codes, "TEN": names, "GHICHU": "Che cả ô phố"}
    return geopandas.GeoDataFrame(columns, geometry=shapely.set_precision(shapes, GRID), crs=SRID)


def _gardens(world, outlines, frame, count) -> ParcelColumns:
    """Gardens of the town that a scene shows, as far out as the count allows."""
    inside = _box(frame)
    near, middle, part = inside.buffer(30), inside.centroid, min(1.0, count / FULL) ** 0.5
    inside = shapely.transform(inside, lambda xy: middle.coords[0] + (xy - middle.coords[0]) * part)
    numbers = np.flatnonzero(shapely.intersects(world.block_shapes, near.buffer(10)))
    return gardens.of_place(world, outlines, world.pavements[numbers], near, inside)


def _country(world, outlines, count, focus) -> ParcelColumns:
    """The `count` parcels of the open country nearest to where surveying began; public plots are never left out."""
    open_country = farm_parcels.open_country(world)
    shapes, district = world.patches.shape, np.array([c.district for c in world.land.communes])
    order = np.argsort(_away(shapely.get_coordinates(shapely.centroid(shapes)), focus), kind="stable")
    expected = np.cumsum(farm_parcels.expected(world, open_country)[order])
    wanted = 1.1 * max(count, 10)
    while True:
        chosen = order[: 1 + int(np.searchsorted(expected, wanted))]
        found = farm_parcels.of_patches(world, outlines, open_country, np.sort(chosen))
        found = found.only(np.isin(district[found.commune], list(DISTRICTS)))
        if len(found) >= count or len(chosen) == len(order):
            break
        wanted *= 1.4
    away = _away(shapely.get_coordinates(shapely.centroid(found.shape)), focus)
    away[found.plot >= 0] = -1
    return found.only(np.sort(np.argsort(away, kind="stable")[: max(count, 0)]))


def _without_the_last_lots(parcels: ParcelColumns, surplus: int, town: int) -> np.ndarray:
    """A mask without `surplus` private lots of the last blocks, where the towns alone are more than was asked for."""
    kept = np.ones(len(parcels), bool)
    lots = np.flatnonzero((parcels.comes[:town] == LOT) & (parcels.guard[:town] == 0))
    kept[lots[len(lots) - surplus :]] = False
    return kept


# --- The register ---------------------------------------------------------------------------------


def _register(world: World, parcels: ParcelColumns, rng) -> geopandas.GeoDataFrame:
    """The table of all parcels by commune, sheet and number."""
    communes = world.land.communes
    today = [admin_units.today(c.code) if c.code != "755" else {"code": "", "name": ""} for c in communes]
    sheet = parcel_numbers.sheets(parcels, world)
    number, twin = parcel_numbers.numbers(parcels, sheet, world, rng)
    tenths = parcel_facts.legal_areas(parcels, world.plots, rng)
    uses = parcel_facts.uses(parcels, world, tenths, rng)
    _, sheet_key = np.unique(parcels.commune * 100_000 + sheet, return_inverse=True)
    country = np.isin(parcels.comes, (FIELD, FARM))
    urban = np.array([c.urban for c in communes])[parcels.commune]
    table = pandas.DataFrame(
        {
            "MAHUYEN": [communes[k].district for k in parcels.commune],
            "MATHUA": parcel_numbers.codes(parcels),
            "MAXA": [communes[k].code for k in parcels.commune],
            "TENXA": [communes[k].name for k in parcels.commune],
            "MAXAMOI": [today[k]["code"] for k in parcels.commune],
            "TENXAMOI": [today[k]["name"] for k in parcels.commune],
            "SHBANDO": sheet.astype(str).astype(object),
            "SHTHUA": number.astype(str).astype(object),
            "SOPHU": twin.astype(object),
            "LOAIDAT": uses.main.astype(object),
            "MDSD": parcel_facts.as_short(uses),
            "MDSD_JSON": parcel_facts.as_json(uses, rng),
            "DTPL": tenths / 10,
            "DIACHI": parcel_numbers.addresses(parcels, sheet, world.blocks, world),
            "TILE": np.where(country, "2000", np.where(urban, "500", "1000")).astype(object),
            "NGAYDO": parcel_facts.survey_days(sheet_key, rng),
            **parcel_facts.users(parcels, uses, world.plots, rng),
            "CONGKHAI": np.where((parcels.guard > 0) | (rng.random(len(parcels)) < 0.001), "0", "1").astype(object),
        }
    )
    order = np.lexsort((twin, number, sheet, parcels.commune))
    table = geopandas.GeoDataFrame(table, geometry=shapely.normalize(parcels.shape), crs=SRID)
    return table.iloc[order].reset_index(drop=True)


# --- Files ----------------------------------------------------------------------------------------


def save(cadastre: Cadastre, folder: Path) -> None:
    """The files of FILES."""
    writers: dict[str, Callable[[Path, geopandas.GeoDataFrame], None]] = {
        ".gpkg": _write_geopackage, ".zip": _write_shapefile, ".fgb": _write_flatgeobuf, ".csv": _write_csv
    }  # fmt: skip
    write_geopackage(folder / MASK_FILE, "vung_che", cadastre.masks)
    for name, districts in PARCEL_FILES.items():
        table = cadastre.parcels[cadastre.parcels["MAHUYEN"].isin(districts)]
        writers[Path(name).suffix](folder / name, table.reset_index(drop=True))
    land_prices.write(folder / PRICE_FILE, cadastre.prices)


def _detailed(table: geopandas.GeoDataFrame) -> geopandas.GeoDataFrame:
    """The columns of a newer office: uses as a JSON list."""
    return table.assign(MDSD=table["MDSD_JSON"])[[*COLUMNS, "geometry"]]


def _write_geopackage(path, table):
    write_geopackage(path, "thua_dat", _detailed(table))


def _write_flatgeobuf(path, table):
    pyogrio.write_dataframe(_detailed(table), path, layer="thua_dat", driver="FlatGeobuf")


def _write_csv(path, table):
    """Outlines as WKT in the last column; the file does not say of which system."""
    plain = pandas.DataFrame(table[list(COLUMNS)])
    plain["WKT"] = shapely.to_wkt(table.geometry.to_numpy(), rounding_precision=3)
    plain.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


def _write_shapefile(path, table):
    """Text in TCVN3, no .prj, no .cpg."""
    write_shapefile(path, "thua_dat", table, COLUMNS, lambda value: text.encode(value, "tcvn3"))
