"""Files as offices send them, made by the tests: zones in any encoding, coordinate system and format."""

import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import shapely
from geopandas import GeoDataFrame

from landgis.lib.text import encode

# The first vector of the datum: Bãi Trước in VN-2000 / TM-3 107°45', easting and northing.
EAST, NORTH = 425664.819, 1144203.102
NAMES = ["Vùng đất ở", "Chợ Vũng Tàu", "Phường Thắng Tam", "Khu phố Hải Đăng", "Xã Đất Đỏ"]
COLUMNS = ["MA=zone_code", "TEN=name", "QH=plan_name"]


def squares(count: int = len(NAMES), east: float = EAST, north: float = NORTH, side: float = 100) -> list[Any]:
    """Squares in metres, each 200 m east of the one before."""
    return [shapely.box(east + 200 * n, north, east + 200 * n + side, north + side) for n in range(count)]


def frame(shapes: Iterable[Any], names: Iterable[str] = NAMES, crs: Any = None, **columns: Any) -> GeoDataFrame:
    shapes, names = list(shapes), list(names)
    codes = [f"QH-{number}" for number in range(1, len(shapes) + 1)]
    facts: Mapping[str, Any] = {"MA": codes, "TEN": names, "QH": ["Quy hoạch 2030"] * len(shapes)} | columns
    return GeoDataFrame(dict(facts), geometry=shapes, crs=crs)


def shapefile(
    path: Path,
    data: GeoDataFrame,
    *,
    encoding: str | Mapping[str, str] = "utf-8",
    cpg: str | None = None,
    with_prj: bool = False,
    zipped: bool = True,
) -> Path:
    """A Shapefile whose text has that encoding (or one for each column); nothing says so but `cpg`."""
    shown = data.copy()
    for name in [name for name in data.columns if name != "geometry"]:
        how = encoding if isinstance(encoding, str) else encoding.get(name, "utf-8")
        shown[name] = [
            encode(value, how).decode("latin-1") if isinstance(value, str) else value for value in data[name]
        ]
    with tempfile.TemporaryDirectory() as folder:
        shown.to_file(Path(folder) / f"{path.stem}.shp", encoding="ISO-8859-1")
        parts = [
            part for part in Path(folder).iterdir() if part.suffix != ".cpg" and (with_prj or part.suffix != ".prj")
        ]
        if cpg is not None:
            written = Path(folder) / f"{path.stem}.cpg"
            written.write_text(cpg, encoding="ascii")
            parts.append(written)
        if not zipped:
            for part in parts:
                (path.parent / part.name).write_bytes(part.read_bytes())
            return path.with_suffix(".shp")
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for part in parts:
                archive.write(part, part.name)
    return path
