"""Files as officers hand them in: zones in TCVN3 without .prj, auction lots in a workbook, a cadastral drawing."""

from pathlib import Path

import openpyxl
import shapely

from landgis.lib import geometry
from tests.ingest import drawing_files, office_files

# In the sea of Vũng Tàu's commune and on land: the first vector of the datum.
EAST, NORTH = office_files.EAST, office_files.NORTH


def zones(folder: Path, name: str = "vung.zip", *, bow_tie: bool = False, nameless: bool = False) -> Path:
    """A zipped Shapefile of zones, TCVN3, without .prj; one of them may cross itself, another have no plan."""
    shapes = office_files.squares()
    if bow_tie:
        east, north = EAST + 200 * 4, NORTH
        corners = [(0, 0), (100, 100), (100, 0), (0, 100), (0, 0)]
        shapes[4] = shapely.Polygon([(east + x, north + y) for x, y in corners])
    data = office_files.frame(shapes).rename(columns={"MA": "ma_vung", "TEN": "ten_vung", "QH": "ten_qh"})
    if nameless:
        data.loc[1, "ten_qh"] = None
    return office_files.shapefile(folder / name, data, encoding="tcvn3")


def lots(folder: Path) -> Path:
    """A workbook of two lots: corners, one a row, VN-2000 X (north) and Y (east)."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Mã lô", "Mã đấu giá", "Tên lô", "Diện tích", "X", "Y"])
    for number in (1, 2):
        east = EAST + 300 * number
        for x, y in [(NORTH, east), (NORTH, east + 20), (NORTH + 10, east + 20), (NORTH + 10, east)]:
            sheet.append([f"LT-{number}", "DG-2026-01", f"Lô {number}", 200, round(x, 3), round(y, 3)])
    path = folder / "lo_dat.xlsx"
    book.save(path)
    return path


def sheet(folder: Path) -> Path:
    """A drawing of two parcels of one sheet, with numbers, areas and uses as texts."""
    east, north = EAST, NORTH + 400
    lines = [
        (10, [(east, north), (east + 20, north), (east + 20, north + 10), (east, north + 10), (east, north)]),
        (10, [(east + 20, north), (east + 40, north), (east + 40, north + 10), (east + 20, north + 10)]),
    ]
    texts = [
        (13, (east + 5, north + 5), "81"),
        (4, (east + 5, north + 3), "200.0"),
        (2, (east + 5, north + 7), "ODT"),
        (13, (east + 25, north + 5), "82"),
        (4, (east + 25, north + 3), "200.0"),
        (2, (east + 25, north + 7), "CLN"),
    ]
    return drawing_files.dxf(folder / "to12.dxf", lines, texts)


def many_plots(path: Path, count: int, code: str = "N") -> Path:
    """A GeoPackage of so many squares of public land, EPSG:5899; their codes begin with that letter."""
    from geopandas import GeoDataFrame

    side, per_row = 8, 400
    boxes = [
        shapely.box(EAST + 10 * (n % per_row), NORTH + 10 * (n // per_row), EAST + 10 * (n % per_row) + side,
                    NORTH + 10 * (n // per_row) + side)
        for n in range(count)
    ]  # fmt: skip
    facts = {
        "plot_code": [f"{code}-{n:06d}" for n in range(count)],
        "name": ["Khu"] * count,
        "area_legal_m2": [64.0] * count,
        "is_public": [True] * count,
    }
    GeoDataFrame(facts, geometry=boxes, crs="EPSG:5899").to_file(path)
    return path


def degrees(east: float, north: float) -> tuple[float, float]:
    point = geometry.to_wgs84(shapely.Point(east, north), 5899)
    return point.x, point.y
