"""Administrative units of the demo in their three stages, with schematic outlines.

Names, codes and successors are landgis/vn/places.csv: A the 82 communes (and Côn Đảo, a district without communes)
up to the end of 2024, B the 77 of the first half of 2025, C the 30 units since 1 July 2025. Units of B and C are
unions of those before them, so borders agree exactly.
"""

import csv
from collections import defaultdict
from datetime import date
from functools import lru_cache
from pathlib import Path

import geopandas
import shapely

import landgis.vn

from . import SRID
from .landscape import GRID, province
from .planning_zones import write_geopackage

PLACES = landgis.vn.HERE / "places.csv"


@lru_cache(maxsize=1)
def places() -> dict[str, dict[str, str]]:
    """ref ("26506-a") -> its line of places.csv; the order is that of the stages."""
    with PLACES.open(encoding="utf-8", newline="") as file:
        return {row["ref"]: row for row in csv.DictReader(file)}


def predecessors() -> dict[str, list[str]]:
    """ref -> refs of the units it was made from."""
    found = defaultdict(list)
    for ref, place in places().items():
        if place["successor"]:
            found[place["successor"]].append(ref)
    return dict(found)


def today(code: str) -> dict[str, str]:
    """The unit of stage C that holds the commune of stage A with this code."""
    middle = places()[f"{code}-a"]["successor"]
    return places()[places()[middle]["successor"]]


@lru_cache(maxsize=1)
def outlines() -> dict[str, shapely.Geometry]:
    """ref -> MultiPolygon in EPSG:5899."""
    shapes = {f"{commune.code}-a": commune.boundary for commune in province().communes}
    for ref, members in predecessors().items():
        shapes[ref] = shapely.unary_union([shapes[member] for member in members], grid_size=GRID)
    return {ref: shapely.MultiPolygon(shapely.get_parts(shape).tolist()) for ref, shape in shapes.items()}


def units() -> geopandas.GeoDataFrame:
    """All 191 units, ordered as places.csv, in EPSG:5899."""
    shapes, made_from = outlines(), predecessors()
    rows = [
        {
            "ma_ref": ref,
            "ma_dvhc": place["code"],
            "ten": place["name"],
            "loai": place["kind"],
            "giai_doan": place["stage"],
            "ma_huyen": place["district_code"],
            "ten_huyen": place["district_name"],
            "ma_tinh": place["province_code"],
            "ten_tinh": place["province_name"],
            "hl_tu": _date(place["valid_from"]),
            "hl_den": _date(place["valid_to"]),
            "hien_hanh": int(not place["valid_to"]),
            "van_ban": place["legal_doc"],
            "ke_thua": place["successor"],
            "kieu_kt": place["succession"],
            "tu": " ".join(made_from.get(ref, [])),
            "nguon": place["source"],
            "geometry": shapes[ref],
        }
        for ref, place in places().items()
    ]
    return geopandas.GeoDataFrame(rows, geometry="geometry", crs=SRID)


def write(path: Path) -> None:
    """The units as a GeoPackage, layer `admin_units`."""
    write_geopackage(path, "admin_units", units())


def _date(value: str) -> date | None:
    return date.fromisoformat(value) if value else None
