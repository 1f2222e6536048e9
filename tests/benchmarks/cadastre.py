"""A made-up cadastre of any size, and a database that holds it, let in as a district office would and kept between runs.

Communes are alike, so that a larger cadastre is wider and not denser: a town of narrow lots in blocks between streets, and
fields beside it. Neighbours share their crooked edges; 11.6 corners a parcel on average.
"""

import hashlib
import io
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import geopandas
import numpy as np
import pandas
import shapely
from django.core.management import call_command
from django.db import connection

from landgis.operations.ownership import as_owner
from tests import databases

WEST, SOUTH, PITCH = 400_000.0, 1_130_000.0, 7_000.0  # EPSG:5899, metres; a commune is so wide and so high
ACROSS = 20  # communes from west to east
BLOCKS, LOTS, LOT, STREET = (5, 25), (35, 2), (7.5, 20.0), 8.0
FIELDS, FIELD = (75, 50), (40.0, 60.0)
BENDS, FIELD_BENDS = 2, 5  # pieces of an edge
IN_COMMUNE = BLOCKS[0] * BLOCKS[1] * LOTS[0] * LOTS[1] + FIELDS[0] * FIELDS[1]
PER_SHEET = 250
USES = np.array(["ODT", "ONT", "CLN", "LUC"])


def communes(parcels: int) -> Iterator[geopandas.GeoDataFrame]:
    """So many parcels, a table for each commune; the same ones again for the same number."""
    for commune in range(-(-parcels // IN_COMMUNE)):
        corner = (WEST + commune % ACROSS * PITCH, SOUTH + commune // ACROSS * PITCH)
        yield _commune(commune, corner).iloc[: parcels - commune * IN_COMMUNE]


def some(parcels: int, count: int) -> geopandas.GeoDataFrame:
    """So many of them, spread over all communes, with another land use than they have."""
    every = parcels // count
    found, before = [], 0
    for table in communes(parcels):
        found.append(table.iloc[-before % every :: every])
        before += len(table)
    chosen = pandas.concat(found).iloc[:count]
    return geopandas.GeoDataFrame(chosen.assign(LOAIDAT="TMD"), crs=chosen.crs)


def _commune(commune: int, corner: tuple[float, float]) -> geopandas.GeoDataFrame:
    random = np.random.default_rng(commune)
    wide, high = LOTS[0] * LOT[0] + STREET, LOTS[1] * LOT[1] + STREET
    town = [
        _net(random, (corner[0] + i * wide, corner[1] + j * high), LOTS, LOT, BENDS)
        for i in range(BLOCKS[0])
        for j in range(BLOCKS[1])
    ]
    fields = _net(random, (corner[0] + BLOCKS[0] * wide + 50, corner[1]), FIELDS, FIELD, FIELD_BENDS)
    shapes = np.concatenate([*town, fields])
    number = np.arange(len(shapes))
    columns = {
        "MAXA": np.full(len(number), str(30_000 + commune)),
        "TENXA": np.full(len(number), f"Xã {commune + 1}"),
        "SHBANDO": (number // PER_SHEET + 1).astype(str),
        "SHTHUA": (number % PER_SHEET + 1).astype(str),
        "LOAIDAT": USES[number % len(USES)],
        "DTPL": shapely.area(shapes).round(1),
        "DIACHI": np.char.add(np.char.add("Số ", (number % 70 + 1).astype(str)), f" đường số {commune % 40 + 1}"),
        "CONGKHAI": np.ones(len(number), int),
    }
    return geopandas.GeoDataFrame(columns, geometry=shapes, crs="EPSG:5899")


def _net(
    random: np.random.Generator,
    corner: tuple[float, float],
    count: tuple[int, int],
    size: tuple[float, float],
    pieces: int,
) -> np.ndarray:
    """Cells of a net whose edges have so many pieces; their ends are moved a little, the same for both neighbours."""
    shape = (count[0] * pieces + 1, count[1] * pieces + 1)
    x, y = np.indices(shape) * np.array(size).reshape(2, 1, 1) / pieces
    x, y = (axis + random.uniform(-0.08, 0.08, shape) * side / pieces for axis, side in ((x, size[0]), (y, size[1])))
    step = np.arange(pieces)
    none, all_of_it = np.zeros(pieces, int), np.full(pieces, pieces)
    round_i = np.concatenate([step, all_of_it, pieces - step, none])
    round_j = np.concatenate([none, step, all_of_it, pieces - step])
    i, j = (part.reshape(-1, 1) * pieces for part in np.indices(count))
    i, j = i + round_i, j + round_j
    return np.asarray(shapely.polygons(np.stack([corner[0] + x[i, j], corner[1] + y[i, j]], -1)))


def let_in(tables: Sequence[geopandas.GeoDataFrame] | Iterator[geopandas.GeoDataFrame], *, is_complete: bool) -> None:
    """By the command that an office uses, into the database in use."""
    with tempfile.TemporaryDirectory(prefix="landgis-") as folder:
        file, count = Path(folder, "parcels.gpkg"), 0
        for table in tables:
            table.to_file(file, engine="pyogrio", mode="a" if count else "w")
            count += len(table)
        told = {"confirm": count, "complete": is_complete, "commit": True, "made_up": True}
        call_command("load", file, dataset="parcels", stdout=io.StringIO(), **told)


def kept(parcels: int, template: str) -> str:
    """The name of a database that holds so many, to be copied: made from the template where there is none yet.

    One of an earlier day is migrated, as that of an office would be.
    """
    own = f"{databases.CLONE}_bench_{parcels}_"
    name = own + hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:8]
    there = databases.named(own)
    if name in there:
        with databases.used(name):
            call_command("migrate", verbosity=0)
        return name
    for other in there:  # cut off, or of an earlier form of this file
        databases.administer("DROP DATABASE IF EXISTS {} WITH (FORCE)", other)
    databases.copy(f"{own}part", template)
    with databases.used(f"{own}part"):
        fill(parcels)
    databases.administer("ALTER DATABASE {} RENAME TO {}", f"{own}part", name)
    return name


def fill(parcels: int) -> None:
    """Let so many into the database in use."""
    let_in(communes(parcels), is_complete=True)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("VACUUM (FREEZE, ANALYZE)")
