"""Map sheets, parcel numbers, house numbers and parcel codes of the made-up cadastre."""

import numpy as np
import shapely

from landgis.lib import geometry
from landgis.vn import parcel_code

from . import SRID
from .fabric import Block
from .landscape import Commune
from .plot_facts import vocabulary
from .public_land import SHEET_M
from .scene_world import World
from .sheet import chance
from .town_parcels import FARM, FIELD, LOT, ParcelColumns

BAND_M = 40  # numbers run in bands of this height, from north to south, to the east and back
TWINS = 0.0024  # share of parcels that have the number of another one of their sheet, as in real life


def sheets(parcels: ParcelColumns, world: World) -> np.ndarray:
    """Number of the map sheet of each parcel within its commune (of the old division).

    Sheets are cells of a grid; those of the public-land inventory have the numbers that it gives them.
    """
    x, y = shapely.get_coordinates(shapely.centroid(parcels.shape)).T
    cell = np.column_stack([parcels.commune, np.floor(-y / SHEET_M), np.floor(x / SHEET_M)]).astype(np.int64)
    known = _sheets_of_inventory(world)
    last: dict[int, int] = {}
    for (commune, _, _), number in known.items():
        last[commune] = max(last.get(commune, 0), number)
    cells, inverse = np.unique(cell, axis=0, return_inverse=True)
    numbers = []
    for commune, down, right in cells.tolist():
        if (commune, down, right) not in known:
            last[commune] = known[commune, down, right] = last.get(commune, 0) + 1
        numbers.append(known[commune, down, right])
    found = np.array(numbers)[inverse.ravel()]
    public = parcels.plot >= 0
    found[public] = world.plots["SOTO"].astype(int).to_numpy()[parcels.plot[public]]
    return found


def _sheets_of_inventory(world) -> dict[tuple[int, int, int], int]:
    """(commune, cell down, cell right) -> number of the sheet."""
    commune = {c.code: k for k, c in enumerate(world.land.communes)}
    x, y = shapely.get_coordinates(shapely.centroid(world.plots.geometry.to_numpy())).T
    keys = zip(
        world.plots["MAXA"].map(commune),
        np.floor(-y / SHEET_M).astype(int),
        np.floor(x / SHEET_M).astype(int),
        strict=True,
    )
    return dict(zip(keys, world.plots["SOTO"].astype(int), strict=True))


def numbers(parcels: ParcelColumns, sheet, world: World, rng) -> tuple[np.ndarray, np.ndarray]:
    """(number within the sheet, letter of a twin or ""): from north to south in zigzag.

    A public plot has the numbers of the inventory; the others run round them.
    """
    x, y = shapely.get_coordinates(shapely.centroid(parcels.shape)).T
    given = world.plots["SOTHUA"].str.split(", ").to_list()
    taken: dict[tuple[str, str], set[int]] = {}
    for commune, on, listed in zip(world.plots["MAXA"], world.plots["SOTO"], given, strict=True):
        taken.setdefault((commune, on), set()).update(map(int, listed))
    found = np.zeros(len(parcels), int)
    public = np.flatnonzero(parcels.plot >= 0)
    found[public] = [int(given[parcels.plot[k]][parcels.part[k]]) for k in public]
    band = np.floor(-y / BAND_M)
    order = np.lexsort((np.where(band % 2, -x, x), band, sheet, parcels.commune))
    order = order[parcels.plot[order] < 0]
    key = parcels.commune[order] * 100_000 + sheet[order]
    starts = np.flatnonzero(np.append(True, key[1:] != key[:-1]))[: len(key)]
    for start, end in zip(starts, np.append(starts[1:], len(key)), strict=True):
        code = world.land.communes[parcels.commune[order[start]]].code
        reserved = taken.get((code, str(sheet[order[start]])), set())
        free = np.setdiff1d(np.arange(1, end - start + len(reserved) + 1), sorted(reserved))
        found[order[start:end]] = free[: end - start]
    twin = np.full(len(parcels), "", "<U1")
    later = np.flatnonzero((key[1:] == key[:-1]) & (rng.random(max(len(key) - 1, 0)) < TWINS)) + 1
    later = later[np.diff(later, prepend=-9) > 1]  # never three of one number
    found[order[later]] = found[order[later - 1]]
    twin[order[later]] = "b"
    return found, twin


def codes(parcels: ParcelColumns) -> list[str]:
    """The parcel code of a point deep inside each parcel."""
    tolerance = np.clip(np.sqrt(shapely.area(parcels.shape)) / 20, 0.2, 5)
    deep = shapely.get_point(shapely.maximum_inscribed_circle(parcels.shape, tolerance), 0)
    at = shapely.get_coordinates(np.asarray(geometry.to_wgs84(deep, SRID), object))
    return parcel_code.encode_all(*at.T).tolist()


# --- Addresses ------------------------------------------------------------------------------------


def addresses(parcels: ParcelColumns, sheet, blocks: list[Block], world: World) -> list[str]:
    """House number and street of a lot, group and quarter of a garden, field name of a field."""
    words = vocabulary()
    communes = world.land.communes
    streets = _streets(parcels, blocks)
    house = _house_numbers(parcels, streets, blocks)
    hamlet = (chance(parcels.commune, sheet // 3, seed=130) * len(words["hamlets"])).astype(int)
    group = (chance(parcels.commune, sheet, seed=131) * 15).astype(int) + 1
    field = (chance(parcels.commune, sheet, seed=132) * len(words["cadastre"]["fields"])).astype(int)
    public = world.plots["DIACHI"].to_numpy()
    made = []
    for k in range(len(parcels)):
        commune = communes[parcels.commune[k]]
        quarter = f"khu phố {1 + hamlet[k] % 12}" if commune.urban else f"ấp {words['hamlets'][hamlet[k]]}"
        if parcels.plot[k] >= 0:
            made.append(public[parcels.plot[k]])
            continue
        if house[k]:
            start = f"Số {house[k]} đường {streets[k]}"
        elif streets[k]:
            start = f"Đường {streets[k]}"
        elif parcels.comes[k] in (FIELD, FARM):
            start = f"Xứ đồng {words['cadastre']['fields'][field[k]]}, {quarter}"
        else:
            start = f"Tổ {group[k]}, {quarter}"
        made.append(f"{start}, {_end(commune)}")
    return made


def _end(commune: Commune) -> str:
    return commune.name if commune.code == "755" else f"{commune.name}, {commune.district_name}"


def _streets(parcels: ParcelColumns, blocks) -> list[str]:
    pairs = zip(parcels.block.tolist(), parcels.row.tolist(), strict=True)
    return [blocks[block].streets[row] if block >= 0 else "" for block, row in pairs]


def _house_numbers(parcels: ParcelColumns, streets, blocks) -> np.ndarray:
    """Odd on one side of a street and even on the other, counted along it through the commune; 0 where there is none."""
    lots = np.flatnonzero(parcels.comes == LOT)
    found = np.zeros(len(parcels), int)
    if not len(lots):
        return found
    of = parcels.block[lots]
    angle, patch = (np.array([getattr(block, name) for block in blocks])[of] for name in ("angle", "patch"))
    x, y = shapely.get_coordinates(shapely.centroid(parcels.shape[lots])).T
    along = x * np.cos(angle) + y * np.sin(angle)
    _, street = np.unique(np.array(streets)[lots], return_inverse=True)
    row, commune = parcels.row[lots], parcels.commune[lots]
    order = np.lexsort((along, patch, row, street, commune))
    group = np.column_stack([commune, street, row])[order]
    new = np.append(True, (group[1:] != group[:-1]).any(1))
    rank = np.arange(len(order)) - np.maximum.accumulate(np.where(new, np.arange(len(order)), 0))
    found[lots[order]] = 2 * rank + 1 + row[order]
    return found
