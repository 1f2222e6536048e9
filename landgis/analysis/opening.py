"""Opening a dataset by its name, or what a person sees by the address that they see it at."""

import math
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pandas as pd

from landgis.analysis import filters as filtering
from landgis.analysis.database import Database
from landgis.analysis.frames import frame
from landgis.analysis.server import Server
from landgis.analysis.source import AsOf, Schema, Source
from landgis.lib.added import is_added
from landgis.lib.filters import BBOX

HERE = "http://127.0.0.1:8000"
TILE = 512  # pixels of the whole world at zoom 0 of the map
VIEW = ("as_of", "after", "off", "scene", "compare")  # of an address, what chooses no filter
POLE = 85.051129  # where Web Mercator ends


def open_dataset(
    name: str, source: str = HERE, *, as_of: AsOf = None, language: str = "vi", **filters: Any
) -> pd.DataFrame:
    """The rows of a dataset as a GeoDataFrame, or a DataFrame where it has no geometry; the index is the ref.

    `source` is the address of a server (http://...) or of a database for the role that reads what is published
    (postgresql://...). Filters are named as in the address of the dataset's list: `commune_name=`,
    `area_legal_m2_min=`, `bbox=(west, south, east, north)`; a list of values means any of them (`land_use=["ODT", "ONT"]`). Like there, the
    usual ones hold until they are named (empty for all). `as_of` is a revision or a day. Types, units, labels and code lists are those of the declaration,
    the texts in `frame.attrs` in the given language. Geometry is in degrees; `to_legal` gives the coordinates that the
    pages print, which `to_crs` does not.

    Raises LookupError for a dataset that is not there or not open, ValueError for a filter that cannot be used.
    """
    opened = _source(source)
    return frame(opened.read(name, filters, as_of), language=language, source=opened.address)


def list_datasets(source: str = HERE, *, language: str = "vi") -> pd.DataFrame:
    """What can be opened: title and description by name, in the order of the names."""
    found = sorted(_source(source).schemas(), key=lambda one: one["name"])
    lines = [{"title": one["title"][language], "description": one["description"][language]} for one in found]
    return pd.DataFrame(lines, index=pd.Index([one["name"] for one in found], name="dataset"))


def open_view(
    url: str, *, dataset: str | None = None, window: tuple[int, int] | None = None, language: str = "vi"
) -> pd.DataFrame:
    """The rows behind an address copied from a browser: of a list, or of the map.

    Of a list: all its rows, under its filters and its `as_of`, whichever page of it was open. Of the map: the rows of
    the one dataset that is switched on, or of `dataset`; with the size of the `window` in pixels only those that it
    shows. Raises ValueError for any other address.
    """
    parts = urlsplit(url)
    server = Server(f"{parts.scheme}://{parts.netloc}")
    schemas = server.schemas()
    path = _without_language(parts.path.strip("/"), schemas)
    query = parse_qs(parts.query, keep_blank_values=True)
    name = _on_the_map(schemas, query, dataset) if path == "" else _of_list(schemas, path, url)
    schema = server.schema(name)
    filters: dict[str, Any] = {key: texts for key, texts in query.items() if key in filtering.names(schema)}
    if path and (others := {key for key in query if key not in filters and key not in VIEW and not is_added(key)}):
        raise ValueError(f"{url} names what filters nothing in {name}: {', '.join(sorted(others))}.")
    if path == "" and window and parts.fragment:
        filters[BBOX] = ",".join(map(str, _seen(parts.fragment, window)))
    return frame(
        server.read(name, filters, query.get("as_of", [""])[-1] or None), language=language, source=server.address
    )


def _source(address: str) -> Source:
    if urlsplit(address).scheme in ("postgresql", "postgres"):
        return Database(address)
    return Server(address)


def _without_language(path: str, schemas: list[Schema]) -> str:
    first, _slash, rest = path.partition("/")
    return rest if any(first in schema["languages"] for schema in schemas) else path


def _of_list(schemas: list[Schema], path: str, url: str) -> str:
    bare = path.partition(".")[0]  # the same list as .json, .csv and the like
    for schema in schemas:
        if bare == schema["path"]:
            return str(schema["name"])
    lists = ", ".join(f"/{schema['path']}/" for schema in schemas)
    raise ValueError(f"{url} is no list and no map; lists are: {lists}.")


def _on_the_map(schemas: list[Schema], query: dict[str, list[str]], wanted: str | None) -> str:
    off = query.get("off", [""])[-1].split(",")
    shown = [schema["name"] for schema in schemas if "tilejson" in schema["links"] and schema["name"] not in off]
    if wanted in shown:
        return str(wanted)
    if wanted is None and len(shown) == 1:
        return str(shown[0])
    raise ValueError(f"This map shows: {', '.join(shown)}. Say which one: open_view(url, dataset=...).")


def _seen(fragment: str, window: tuple[int, int]) -> tuple[float, float, float, float]:
    """West, south, east, north in degrees of a map with the hash #zoom/latitude/longitude, north up."""
    zoom, latitude, longitude = (float(part) for part in fragment.split("/")[:3])
    across = 360 / (TILE * 2**zoom)  # degrees of longitude in a pixel
    middle = math.degrees(math.asinh(math.tan(math.radians(latitude))))  # of the projected world, in the same measure
    low, high = (
        math.degrees(math.atan(math.sinh(math.radians(middle + side * window[1] / 2 * across)))) for side in (-1, 1)
    )
    west, east = longitude - window[0] / 2 * across, longitude + window[0] / 2 * across
    return max(west, -180), max(low, -POLE), min(east, 180), min(high, POLE)
