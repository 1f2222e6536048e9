"""Files of offices made by chance: how many are understood at first sight, before anybody says anything."""

import os
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import shapely

from landgis.catalog import registry
from landgis.ingest import files
from landgis.ingest.instructions import Instructions
from landgis.ingest.understanding import understand
from landgis.lib import geometry
from landgis.lib.text import encode
from tests.ingest import office_files
from tests.ingest.office_files import NAMES

VN2000 = [5896, 5897, 5898, 5899, *range(9205, 9219), 3405]
ENCODINGS = ["utf-8", "tcvn3", "vni", "cp1258", "utf-8-twice"]
HEADINGS = {
    "zone_code": ["MA_VUNG", "MaVung", "MAQH", "Ma_QH", "ma_vung"],
    "name": ["TEN_VUNG", "TEN", "Ten_Vung", "ten"],
    "plan_name": ["TEN_QH", "TENQH", "TenQuyHoach", "Tên quy hoạch"],
    "land_use": ["LOAIDAT", "Loai_Dat", "MDSD", "KHMDSD", "COT_5"],
}
SEED = int(os.environ.get("FIRST_SIGHT_SEED", "20260406"))
FILES = [12, pytest.param(int(os.environ.get("FIRST_SIGHT_FILES", "120")), marks=pytest.mark.prove)]
GOAL = 0.9


@dataclass
class Made:
    """A file, and what it truly is."""

    path: Path
    headings: dict[str, str]
    encoding: str
    srid: int
    is_swapped: bool


def unidecoded(heading: str) -> str:
    return heading if heading.isascii() else "TenQuyHoach"


def make(folder: Path, chance: random.Random, number: int) -> Made:
    form = chance.choice(["shp", "shp", "csv", "xlsx"])
    encoding = "utf-8" if form == "xlsx" else chance.choice(ENCODINGS)
    srid = chance.choice([*VN2000, 5899, 5899, 4326])
    prj = chance.choice(["none", "none", "right", "lies"])
    is_swapped = srid != 4326 and form == "shp" and chance.random() < 0.2
    headings = {field: chance.choice(spellings) for field, spellings in HEADINGS.items()}
    if form == "shp":  # a .dbf keeps ten letters, and offices write none with marks there
        headings = {field: unidecoded(heading)[:10] for field, heading in headings.items()}
    squares = [geometry.from_wgs84(geometry.to_wgs84(one, 5899), srid) for one in office_files.squares()]
    if is_swapped:
        squares = [shapely.transform(one, lambda x, y: (y, x), interleaved=False) for one in squares]
    rows = [
        {"zone_code": f"V{n}", "name": name, "plan_name": "Quy hoạch sử dụng đất", "land_use": use}
        for n, (name, use) in enumerate(zip(NAMES, ["ODT", "CLN", "BHK", "ODT", "RSX"], strict=True))
    ]
    path = folder / f"tep{number}.{'zip' if form == 'shp' else form}"
    if form == "shp":
        said = {"none": None, "right": srid, "lies": chance.choice([9210, 5897, 32648])}[prj]
        data = office_files.frame(squares, crs=said and f"EPSG:{said}")[["geometry"]]
        for field, heading in headings.items():
            data[heading] = [row[field] for row in rows]
        cpg = chance.choice([None, "UTF-8", "1252"])
        office_files.shapefile(path, data, encoding=encoding, cpg=cpg, with_prj=said is not None)
    else:
        _table(path, form, headings, rows, squares, encoding, in_degrees=srid == 4326)
    return Made(path, headings, encoding, srid, is_swapped)


def _table(
    path: Path, form: str, headings: dict[str, str], rows: Any, squares: Any, encoding: str, *, in_degrees: bool
) -> None:
    """Corners, one a row, X north; longitude and latitude in degrees."""
    lines: list[list[Any]] = [[*headings.values(), *(["lat", "lon"] if in_degrees else ["X", "Y"])]]
    for row, square in zip(rows, squares, strict=True):
        for east, north in list(square.exterior.coords)[:-1]:
            lines.append([*(row[field] for field in headings), north, east])
    if form == "xlsx":
        book = openpyxl.Workbook()
        for line in [["Danh sách vùng quy hoạch"], *lines]:
            book.active.append(line)
        book.save(path)
    else:
        path.write_bytes(encode("\n".join(";".join(map(str, line)) for line in lines), encoding))


def wrong_about(made: Made) -> list[str]:
    """What was not understood of a file."""
    with files.open_file(made.path) as source:
        plan = understand(source, registry.get("planning-zones"), Instructions())
    names = {plan.columns.get(heading): heading for heading in made.headings.values()}
    wrong = [f"column {field}" for field in HEADINGS if field not in names]
    wrong += ["crs"] if plan.srid != made.srid else []
    wrong += ["axes"] if made.is_swapped != (plan.mistake is not None) else []
    shown = {one["encoding"] for one in plan.texts}
    wrong += ["text"] if shown and shown != {made.encoding.upper()} else []
    return wrong


@pytest.mark.usefixtures("places")
@pytest.mark.parametrize("many", FILES)
def test_nine_files_in_ten_are_understood_at_first_sight(tmp_path: Path, many: int) -> None:
    chance = random.Random(SEED)
    made = [make(tmp_path, chance, number) for number in range(many)]
    wrong = {one.path.name: (one, found) for one in made if (found := wrong_about(one))}
    told = [f"{one.path.name} {one.encoding} {one.srid}: {', '.join(found)}" for one, found in wrong.values()]
    assert len(wrong) <= (1 - GOAL) * many, told
