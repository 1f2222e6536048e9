"""One row of a dataset with all that belongs to it, and rows as GeoJSON."""

import datetime
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from psycopg import sql

from landgis.catalog import published
from landgis.catalog.dataset import Dataset
from landgis.catalog.queries.database import fetch
from landgis.catalog.queries.pieces import (
    ABOUT_REVISION,
    NATURAL_REF,
    body_of,
    columns_sql,
    public_columns,
    source_of,
    state_sql,
)
from landgis.catalog.queries.revisions import latest_number
from landgis.lib.filters import ALL, Equals, Filter

CHUNK = 2000


@dataclass(frozen=True)
class TakenOut:
    """A value that was redacted: of which field, in the rows that began with which revisions, when and why."""

    field: str
    revisions: frozenset[int]
    at: datetime.datetime
    reason: str


def feature(
    dataset: Dataset, ref: str, *, as_of: int | None = None, with_boundary: bool = False
) -> dict[str, Any] | None:
    """The one public row of a ref, with its box (`west`..`north`) and a point on it (`lon`, `lat`) in degrees, or None.

    Of a past state `redacted` names the fields of which the value was taken out, if there are any. `with_boundary` adds `boundary_wkb`, the geometry in EPSG:4326, where the dataset has one.
    """
    condition, bound = state_sql(as_of)
    drawn = sql.SQL(", ST_AsBinary({}) AS boundary_wkb") if with_boundary and dataset.geometry else sql.SQL("")
    redacted = sql.SQL(
        ", (SELECT jsonb_agg(x.field ORDER BY x.field) FROM published.redaction x WHERE x.dataset = {} AND x.ref = v.ref"
        " AND v.from_revision = ANY (x.revisions)) AS redacted"
    )
    query = sql.SQL("SELECT {columns}{box}{drawn}{redacted} FROM {source} WHERE ref = %s AND {state}").format(
        columns=columns_sql([*public_columns(dataset), *ABOUT_REVISION]),
        box=_box_and_place(dataset),
        drawn=drawn.format(sql.Identifier(str(dataset.geometry))),
        redacted=redacted.format(sql.Literal(dataset.name)) if as_of is not None else sql.SQL(""),
        source=source_of(dataset, as_of, "v"),
        state=condition,
    )
    found = fetch(query, [ref, *bound])
    return {name: value for name, value in found[0].items() if (name, value) != ("redacted", None)} if found else None


def place_of(row: Mapping[str, Any]) -> tuple[float, float]:
    """Longitude and latitude to go to, of the row of a feature: on the feature, the same in every exit."""
    return row["lon"], row["lat"]


def history(dataset: Dataset, ref: str) -> list[dict[str, Any]]:
    """Every public state of a ref, newest first: from_revision, until_revision and when it was published."""
    query = sql.SQL(
        "SELECT from_revision, until_revision, applied_at FROM {} WHERE ref = %s ORDER BY from_revision DESC"
    ).format(published.view(dataset))
    return fetch(query, [ref])


@dataclass(frozen=True)
class Withdrawal:
    """That an approved change set retired a feature or withdrew it from the public, and why, in words for everybody."""

    at: datetime.datetime
    is_retired: bool
    reason: str


def withdrawal(dataset: Dataset, ref: str) -> Withdrawal | None:
    """Why a feature is not public any more, where that is said."""
    query = "SELECT at, is_retired, reason FROM published.withdrawal WHERE dataset = %s AND ref = %s"
    found = fetch(sql.SQL(query), [dataset.name, ref])
    return Withdrawal(**found[0]) if found else None


def taken_out_sql(dataset: Dataset, ref: str) -> sql.Composed:
    """SELECT of what was redacted of a feature, as one JSON list."""
    return sql.SQL(
        "SELECT coalesce(jsonb_agg(to_jsonb(x) ORDER BY x.decided_at), '[]') FROM published.redaction x"
        " WHERE x.dataset = {} AND x.ref = {}"
    ).format(sql.Literal(dataset.name), sql.Literal(ref))


def taken_out_of(told: list[dict[str, Any]]) -> list[TakenOut]:
    """The same as objects."""
    return [
        TakenOut(
            one["field"],
            frozenset(one["revisions"]),
            datetime.datetime.fromisoformat(one["decided_at"]),
            one["public_reason"],
        )
        for one in told
    ]


def geojson_features(dataset: Dataset, where: Filter = ALL, *, as_of: int | None = None) -> Iterator[str]:
    """Each public row as the text of one GeoJSON Feature, written by PostGIS, ordered by ref.

    Coordinates have 9 decimals (0.1 mm), so that a boundary can be taken back to the legal CRS to the
    millimetre. Read in chunks of one and the same revision, so that a long answer is one state.
    """
    pinned = latest_number() if as_of is None else None
    selected = _geojson_sql(dataset)
    after = None
    while True:
        body, bound = body_of(dataset, where, as_of, after, pinned=pinned)
        chunk = fetch(
            sql.SQL("{} {} ORDER BY {} LIMIT {}").format(selected, body, NATURAL_REF, sql.Literal(CHUNK)), bound
        )
        yield from (row["feature"] for row in chunk)
        if len(chunk) < CHUNK:
            return
        after = chunk[-1]["ref"]


def _geojson_sql(dataset: Dataset) -> sql.Composed:
    """SELECT of ref and the text of a Feature."""
    columns = [name for name in public_columns(dataset) if name != "ref"]
    properties = sql.SQL(", ").join(
        sql.SQL("{}, {}").format(sql.Literal(name), sql.Identifier(name)) for name in [*columns, "is_made_up"]
    )
    shape = (
        sql.SQL("ST_AsGeoJSON({}, 9)::json").format(sql.Identifier(dataset.geometry))
        if dataset.geometry
        else sql.SQL("NULL::json")
    )
    return sql.SQL(
        "SELECT ref, json_build_object('type', 'Feature', 'id', ref, 'geometry', {shape},"
        " 'properties', json_build_object('ref', ref, {properties}))::text AS feature"
    ).format(shape=shape, properties=properties)


def geojson_feature(dataset: Dataset, ref: str, *, as_of: int | None = None) -> dict[str, Any] | None:
    """One public row as a GeoJSON Feature, or None."""
    body, bound = body_of(dataset, Equals("ref", ref), as_of)
    found = fetch(sql.SQL("{} {}").format(_geojson_sql(dataset), body), bound)
    return json.loads(found[0]["feature"]) if found else None


def _box_and_place(dataset: Dataset) -> sql.Composable:
    if not dataset.geometry:
        return sql.SQL("")
    shape = sql.Identifier(dataset.geometry)
    return sql.SQL(
        ", ST_XMin({shape}) AS west, ST_YMin({shape}) AS south, ST_XMax({shape}) AS east, ST_YMax({shape}) AS north,"
        " ST_X({place}) AS lon, ST_Y({place}) AS lat"
    ).format(shape=shape, place=dataset.geometry_kind.place_of(shape))
