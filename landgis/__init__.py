"""landgis: land data, published.

The wheels of pyogrio, pyproj and rasterio each bring a PROJ with its own database. PROJ_LIB and PROJ_DATA, which
other programs leave in the environment, would point them at a foreign one ("no database context", "EPSG code is
unknown"), so these two are dropped here, before the first geographic import. Under conda all share one PROJ and
the variables are right.
"""

import importlib.util
import os
from pathlib import Path


def _from_wheel(package: str) -> bool:
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        return False
    folder = Path(found.origin).parent
    # Linux and Windows wheels put their libraries beside the package, macOS wheels inside it.
    return folder.with_name(f"{package}.libs").is_dir() or (folder / ".dylibs").is_dir()


if _from_wheel("pyogrio") or _from_wheel("pyproj"):
    os.environ.pop("PROJ_LIB", None)
    os.environ.pop("PROJ_DATA", None)
