"""Rows as a table: every column with the type that its declaration says, and the meaning of the columns beside them."""

import json
from collections.abc import Callable, Sequence
from typing import Any

import geopandas
import pandas as pd
import shapely

from landgis.analysis.source import Schema, Selection

INDEX = "ref"
# What stands in `attrs["crs_note"]` of a table with places.
CRS_NOTE = {
    "vi": "Tọa độ tính bằng độ, hệ WGS 84 (EPSG:4326). Để có tọa độ trong hệ tọa độ pháp lý đúng như trên trang của "
    "đối tượng, dùng landgis.analysis.to_legal(frame); frame.to_crs(...) để PROJ tự chọn phép chuyển và có thể lệch "
    "gần một mét.",
    "en": "Places are in degrees, WGS 84 (EPSG:4326). For the coordinates in the legal system that the pages print, use "
    "landgis.analysis.to_legal(frame); frame.to_crs(...) lets PROJ choose the shift, which may be nearly a metre off.",
}


def frame(answer: Selection, *, language: str, source: str) -> pd.DataFrame:
    """A GeoDataFrame (EPSG:4326), or a DataFrame where the dataset has no geometry; the index is the ref.

    What the columns mean is in `attrs`: see `about`. To the legal coordinate system lead `to_legal`, not `to_crs`.
    """
    properties = [feature["properties"] for feature in answer.features]
    columns = {
        field["name"]: _typed(field, [row[field["name"]] for row in properties], answer.schema["time_zone"])
        for field in answer.schema["fields"]
    }
    index = pd.Index(columns.pop(INDEX), name=INDEX)
    table = pd.DataFrame({name: values.set_axis(index) for name, values in columns.items()}, index=index)
    geometry = answer.schema["geometry"]
    if geometry:
        texts = [json.dumps(feature["geometry"]) if feature["geometry"] else None for feature in answer.features]
        table[geometry["name"]] = geopandas.GeoSeries(shapely.from_geojson(texts), index=index, crs=geometry["crs"])
        table = geopandas.GeoDataFrame(table, geometry=geometry["name"], crs=geometry["crs"])
    table.attrs = about(answer, language, is_made_up=bool(table["is_made_up"].any())) | {"source": source}
    return table


def about(answer: Selection, language: str, *, is_made_up: bool) -> dict[str, Any]:
    """What has to be known of a table, in one language and as plain JSON values."""
    schema, revision = answer.schema, answer.revision or {}
    words = _in(schema, language)
    licence = schema["licence"]
    return {
        "dataset": schema["name"],
        "title": words(schema["title"]),
        "description": words(schema["description"]),
        "title_field": schema["title_field"],
        "labels": {field["name"]: words(field["label"]) for field in schema["fields"]},
        "units": {field["name"]: words(field["unit"]) for field in schema["fields"] if field["unit"]},
        "descriptions": _told(schema, "description", language),
        "sources": _told(schema, "source", language),
        "accuracies": _told(schema, "accuracy", language),
        "legal_bases": _told(schema, "legal_basis", language),
        "codes": {
            field["name"]: {one["code"]: words(one["label"]) for one in field["codes"]}
            for field in schema["fields"]
            if field["codes"]
        },
        "code_meanings": {
            field["name"]: {one["code"]: words(one["meaning"]) for one in field["codes"] if one.get("meaning")}
            for field in schema["fields"]
            if field["codes"]
        },
        "colour": schema["colour"],
        "colour_by": schema["colour_by"],
        "colours": schema["colours"],
        "attribution": words(schema["attribution"]),
        "licence": words(licence["name"]) if licence else "",
        "licence_url": licence["url"] if licence else "",
        "revision": revision.get("number"),
        "source_file": revision.get("source", ""),
        "source_as_of": revision.get("source_as_of"),
        "is_made_up": is_made_up,
        "language": language,
        "systems": schema["systems"],
        "crs_note": CRS_NOTE.get(language, CRS_NOTE["en"]) if schema["geometry"] else "",
    }


def _told(schema: Schema, what: str, language: str) -> dict[str, str]:
    """What is said of the fields, of those of which something is."""
    words = _in(schema, language)
    return {field["name"]: words(field[what]) for field in schema["fields"] if field.get(what)}


def _in(schema: Schema, language: str) -> Callable[[dict[str, str]], str]:
    if language not in schema["languages"]:
        raise ValueError(f"There are no words in {language!r}; there are: {', '.join(schema['languages'])}.")
    return lambda texts: texts[language]


def _typed(field: dict[str, Any], values: Sequence[Any], time_zone: str) -> pd.Series:
    if field["codes"] and field["type"] == "text":
        codes = [one["code"] for one in field["codes"]]
        others = sorted({value for value in values if value is not None} - set(codes))
        return pd.Series(pd.Categorical(values, categories=[*codes, *others]))
    if field["type"] == "datetime":
        moments = pd.to_datetime(pd.Series(values, dtype="object"), utc=True, format="ISO8601")
        return moments.dt.tz_convert(time_zone).astype(f"datetime64[us, {time_zone}]")
    if field["type"] == "date":
        return pd.to_datetime(pd.Series(values, dtype="object"), format="ISO8601").astype("datetime64[s]")
    return pd.Series(values, dtype=_DTYPES[field["type"]])


_DTYPES = {"text": "string", "integer": "Int64", "number": "float64", "boolean": "boolean", "list": "object"}
