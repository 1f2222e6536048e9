"""How every exit reads: small named pieces of SQL on the schema `published`, through the alias `public`.

The role behind that alias can read nothing else, so no mistake here can show what the policy hides.
"""

import datetime
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from django.db import connections
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg import sql

from landgis.catalog import published
from landgis.catalog.dataset import Dataset
from landgis.catalog.filters import ALL, Equals, Filter, FilterError, to_sql

PUBLIC_ALIAS = "public"
ABOUT_REVISION = ["from_revision", "is_made_up", "applied_at", "source", "source_as_of"]
CHUNK = 2000
JSONB = 3802  # its OID in every PostgreSQL


@dataclass(frozen=True)
class Revision:
    """A revision as readers know it."""

    number: int
    applied_at: datetime.datetime
    dataset: str
    source: str
    source_as_of: datetime.date | None
    is_made_up: bool


def rows(
    dataset: Dataset,
    where: Filter = ALL,
    *,
    as_of: int | None = None,
    fields: Sequence[str] | None = None,
    order: Sequence[str] = ("ref",),
    after: str | None = None,
    limit: int | None = None,
) -> list[dict[str, Any]]:
    """Public rows as dictionaries, in force now or as of a revision, ordered (by ref unless said; -name: downwards).

    `fields` defaults to ref and all public fields. `after` is the ref behind which a page ordered by
    ref goes on. Geometries are not among them; see `geojson_features`.
    """
    names = list(fields) if fields is not None else [*public_columns(dataset), *ABOUT_REVISION]
    body, bound = body_of(dataset, where, as_of, after)
    query = sql.SQL("SELECT {} {} ORDER BY {}").format(_columns(names), body, _ordered(order))
    if limit is not None:
        query += sql.SQL(" LIMIT {}").format(sql.Literal(limit))
    return fetch(query, bound)


def listed(
    dataset: Dataset, where: Filter = ALL, *, as_of: int | None = None, after: str | None = None, limit: int
) -> list[dict[str, Any]]:
    """Public rows as those of `rows`, in the order of the dataset's list: what it puts first, then by ref.

    `after` is the ref of the last row of the page before; where it is no longer public, its group counts as the first.
    """
    if dataset.list_first is None:
        return rows(dataset, where, as_of=as_of, after=after, limit=limit)
    place = _place_in_list(*dataset.list_first)
    body, bound = body_of(dataset, where, as_of)
    if after is not None:
        state, state_bound = _state(as_of)
        body += sql.SQL(
            " AND ({place}, ref) > (coalesce((SELECT {place} FROM {view} WHERE ref = %s AND {state}), 1), %s)"
        ).format(place=place, view=published.view(dataset), state=state)
        bound += [after, *state_bound, after]
    query = sql.SQL("SELECT {columns} {body} ORDER BY {place}, ref LIMIT {limit}").format(
        columns=_columns([*public_columns(dataset), *ABOUT_REVISION]), body=body, place=place, limit=sql.Literal(limit)
    )
    return fetch(query, bound)


def feature(dataset: Dataset, ref: str, *, as_of: int | None = None) -> dict[str, Any] | None:
    """The one public row of a ref, with its box (`west`..`north`, degrees), or None."""
    condition, bound = _state(as_of)
    query = sql.SQL("SELECT {columns}{box} FROM {view} WHERE ref = %s AND {state}").format(
        columns=_columns([*public_columns(dataset), *ABOUT_REVISION]),
        box=_box_of(dataset),
        view=published.view(dataset),
        state=condition,
    )
    found = fetch(query, [ref, *bound])
    return found[0] if found else None


def history(dataset: Dataset, ref: str) -> list[dict[str, Any]]:
    """Every public state of a ref, newest first: from_revision, until_revision and when it was published."""
    query = sql.SQL(
        "SELECT from_revision, until_revision, applied_at FROM {} WHERE ref = %s ORDER BY from_revision DESC"
    ).format(published.view(dataset))
    return fetch(query, [ref])


def count(dataset: Dataset, where: Filter = ALL, *, as_of: int | None = None) -> int:
    body, bound = body_of(dataset, where, as_of)
    return fetch(sql.SQL("SELECT count(*) AS n {}").format(body), bound)[0]["n"]


def totals(
    dataset: Dataset, where: Filter = ALL, *, by: Sequence[str] = (), as_of: int | None = None
) -> dict[str, list[dict[str, Any]]]:
    """Numbers of rows and sums of areas, recomputed from the rows in one pass.

    The key "" holds one line for all rows; each name in `by` one line a value, the most frequent first.
    A line has value, count, area_legal (the documents', m2 or None), area (computed, m2 or None) and
    is_made_up (whether any of its rows is).
    """
    body, bound = body_of(dataset, where, as_of)
    sets = sql.SQL(", ").join([sql.SQL("()"), *(sql.SQL("({})").format(sql.Identifier(name)) for name in by)])
    # GROUPING() has one bit a column, set where the line is not of that column.
    which = (
        sql.SQL("CASE {} END").format(
            sql.SQL(" ").join(
                [
                    *(
                        sql.SQL("WHEN GROUPING({}) = 0 THEN {}").format(sql.Identifier(name), sql.Literal(name))
                        for name in by
                    ),
                    sql.SQL("ELSE ''"),
                ]
            )
        )
        if by
        else sql.SQL("''")
    )
    value = (
        sql.SQL("coalesce({})").format(
            sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(name)) for name in by)
        )
        if by
        else sql.SQL("NULL")
    )
    query = sql.SQL(
        "SELECT {which} AS part, {value} AS value, count(*) AS count, {legal} AS area_legal, {area} AS area,"
        " coalesce(bool_or(is_made_up), false) AS is_made_up {body} GROUP BY GROUPING SETS ({sets}) ORDER BY count(*) DESC, 2"
    ).format(
        which=which,
        value=value,
        legal=sql.SQL("sum({})").format(sql.Identifier(dataset.legal_area)) if dataset.legal_area else sql.SQL("NULL"),
        area=sql.SQL("sum(area_m2)") if dataset.geometry else sql.SQL("NULL"),
        body=body,
        sets=sets,
    )
    lines: dict[str, list[dict[str, Any]]] = {"": [], **{name: [] for name in by}}
    for line in fetch(query, bound):
        lines[line.pop("part")].append(line)
    return lines


def extent(
    dataset: Dataset, where: Filter = ALL, *, as_of: int | None = None, share: float = 1.0
) -> tuple[float, float, float, float] | None:
    """West, south, east, north of the public rows in degrees, or None when there are none.

    With a `share` below 1, of the middle ones only: the box in which that share of the rows begins and
    ends in each direction.
    """
    if not dataset.geometry:
        return None
    body, bound = body_of(dataset, where, as_of)
    low, high = (1 - share) / 2, (1 + share) / 2
    query = (
        sql.SQL(
            "SELECT percentile_disc({low}) WITHIN GROUP (ORDER BY ST_XMin({shape})) AS w,"
            " percentile_disc({low}) WITHIN GROUP (ORDER BY ST_YMin({shape})) AS s,"
            " percentile_disc({high}) WITHIN GROUP (ORDER BY ST_XMax({shape})) AS e,"
            " percentile_disc({high}) WITHIN GROUP (ORDER BY ST_YMax({shape})) AS n {body}"
        )
        if share < 1
        else sql.SQL(
            "SELECT min(ST_XMin({shape})) AS w, min(ST_YMin({shape})) AS s,"
            " max(ST_XMax({shape})) AS e, max(ST_YMax({shape})) AS n {body}"
        )
    )
    box = fetch(
        query.format(shape=sql.Identifier(dataset.geometry), low=sql.Literal(low), high=sql.Literal(high), body=body),
        bound,
    )[0]
    return (box["w"], box["s"], box["e"], box["n"]) if box["w"] is not None else None


def holds_made_up(dataset: Dataset) -> bool:
    """Whether any public row in force is made up."""
    return any_made_up([dataset])


def any_made_up(datasets: Iterable[Dataset]) -> bool:
    """Whether any public row in force of some datasets is made up; one question."""
    one = sql.SQL(
        "EXISTS (SELECT FROM published.revision r WHERE r.is_made_up AND r.dataset = {name} AND EXISTS"
        " (SELECT FROM {view} v WHERE v.from_revision = r.number AND v.until_revision IS NULL))"
    )
    parts = [one.format(name=sql.Literal(dataset.name), view=published.view(dataset)) for dataset in datasets]
    if not parts:
        return False
    return fetch(sql.SQL("SELECT {} AS found").format(sql.SQL(" OR ").join(parts)), [])[0]["found"]


def geojson_features(dataset: Dataset, where: Filter = ALL, *, as_of: int | None = None) -> Iterator[str]:
    """Each public row as the text of one GeoJSON Feature, written by PostGIS, ordered by ref.

    Coordinates have 9 decimals (0.1 mm), so that a boundary can be taken back to the legal CRS to the
    millimetre. Read in chunks of one and the same revision, so that a long answer is one state.
    """
    revision = as_of if as_of is not None else latest_number()
    columns = [name for name in public_columns(dataset) if name != "ref"]
    properties = sql.SQL(", ").join(
        sql.SQL("{}, {}").format(sql.Literal(name), sql.Identifier(name)) for name in [*columns, "is_made_up"]
    )
    shape = (
        sql.SQL("ST_AsGeoJSON({}, 9)::json").format(sql.Identifier(dataset.geometry))
        if dataset.geometry
        else sql.SQL("NULL::json")
    )
    selected = sql.SQL(
        "SELECT ref, json_build_object('type', 'Feature', 'id', ref, 'geometry', {shape},"
        " 'properties', json_build_object('ref', ref, {properties}))::text AS feature"
    ).format(shape=shape, properties=properties)
    after = None
    while True:
        body, bound = body_of(dataset, where, revision, after)
        chunk = fetch(sql.SQL("{} {} ORDER BY ref LIMIT {}").format(selected, body, sql.Literal(CHUNK)), bound)
        yield from (row["feature"] for row in chunk)
        if len(chunk) < CHUNK:
            return
        after = chunk[-1]["ref"]


def geojson_feature(dataset: Dataset, ref: str, *, as_of: int | None = None) -> dict[str, Any] | None:
    """One public row as a GeoJSON Feature, or None."""
    texts = geojson_features(dataset, Equals("ref", ref), as_of=as_of)
    return next((json.loads(text) for text in texts), None)


def boundary(dataset: Dataset, ref: str, *, as_of: int | None = None) -> tuple[shapely.Geometry, int] | None:
    """The geometry of one public row in EPSG:4326, and its legal SRID; None where there is none."""
    if not dataset.geometry:
        return None
    body, bound = body_of(dataset, Equals("ref", ref), as_of)
    query = sql.SQL("SELECT ST_AsBinary({shape}) AS shape, legal_srid {body}").format(
        shape=sql.Identifier(dataset.geometry), body=body
    )
    found = fetch(query, bound)
    return (shapely.from_wkb(bytes(found[0]["shape"])), found[0]["legal_srid"]) if found else None


def latest_revision(dataset: Dataset | None = None) -> Revision | None:
    """The newest revision, of one dataset or of all; None while nothing is published."""
    condition = sql.SQL("WHERE dataset = %s ") if dataset else sql.SQL("")
    query = sql.SQL("SELECT * FROM published.revision {}ORDER BY number DESC LIMIT 1").format(condition)
    found = fetch(query, [dataset.name] if dataset else [])
    return Revision(**found[0]) if found else None


def latest_revisions(*, as_of: int | None = None) -> dict[str, Revision]:
    """Of each dataset the newest revision, not later than `as_of`, by the dataset's name."""
    query = sql.SQL(
        "SELECT DISTINCT ON (dataset) * FROM published.revision WHERE {} ORDER BY dataset, number DESC"
    ).format(sql.SQL("true") if as_of is None else sql.SQL("number <= %s"))
    return {row["dataset"]: Revision(**row) for row in fetch(query, [] if as_of is None else [as_of])}


def public_database() -> tuple[Any, ...]:
    """Which database the alias `public` reads, for whoever keeps what was read from it."""
    settings = connections[PUBLIC_ALIAS].settings_dict
    return settings["HOST"], settings["PORT"], settings["NAME"]


def state_of(datasets: Sequence[Dataset]) -> tuple[Any, ...]:
    """What changes whenever the published rows of these datasets may."""
    names = [dataset.name for dataset in datasets]
    query = sql.SQL(
        "SELECT max(number) AS number, max(applied_at) AS at FROM published.revision WHERE dataset = ANY(%s)"
    )
    newest = fetch(query, [names])[0]
    return newest["number"], newest["at"], *names


def latest_number() -> int:
    newest = latest_revision()
    return newest.number if newest else 0


def revision(number: int) -> Revision | None:
    found = fetch(sql.SQL("SELECT * FROM published.revision WHERE number = %s"), [number])
    return Revision(**found[0]) if found else None


def parse_as_of(text: str | None) -> int | None:
    """The revision meant by `?as_of=`: a number, a date (to its end, local time) or nothing for now.

    Raises FilterError for anything else, and for a time before the first revision.
    """
    if not text:
        return None
    newest = latest_number()
    if text.isascii() and text.isdigit() and len(text) <= 15:
        number = int(text)
        if 1 <= number <= newest:
            return number
        raise FilterError(
            "as_of",
            _("There is no revision %(number)s; the newest is %(newest)s.") % {"number": text, "newest": newest},
        )
    try:
        day = datetime.date.fromisoformat(text)
        end = timezone.make_aware(datetime.datetime.combine(day, datetime.time.max))
    except (ValueError, OverflowError):
        raise FilterError("as_of", _("Write the number of a revision or a date such as 2026-12-31.")) from None
    found = fetch(sql.SQL("SELECT max(number) AS number FROM published.revision WHERE applied_at <= %s"), [end])[0][
        "number"
    ]
    if found is None:
        raise FilterError("as_of", _("Nothing had been published by %(day)s.") % {"day": text})
    return found


def fetch(query: sql.Composable, bound: Sequence[Any]) -> list[dict[str, Any]]:
    """Run a query as the public's role; rows as dictionaries."""
    connection = connections[PUBLIC_ALIAS]
    with connection.cursor() as cursor:
        cursor.execute(query.as_string(connection.connection), list(bound))
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        for name in (column[0] for column in cursor.description if column[1] == JSONB):
            for row in rows:  # Django leaves jsonb to its model fields, and hands us text
                row[name] = json.loads(row[name]) if row[name] is not None else None
        return rows


def public_columns(dataset: Dataset) -> list[str]:
    """ref, the public fields, and the computed area with the CRS it was computed in."""
    computed = ["area_m2", "legal_srid"] if dataset.geometry else []
    return ["ref", *(field.name for field in dataset.public_fields), *computed]


def body_of(
    dataset: Dataset, where: Filter, as_of: int | None, after: str | None = None
) -> tuple[sql.Composed, list[Any]]:
    """FROM and WHERE of a read of the published view, with what is bound."""
    condition, bound = to_sql(dataset, where)
    state, state_bound = _state(as_of)
    body = sql.SQL("FROM {} WHERE {} AND {}").format(published.view(dataset), condition, state)
    bound = [*bound, *state_bound]
    if after is not None:
        body += sql.SQL(" AND ref > %s")
        bound.append(after)
    return body, bound


def counts_of(dataset: Dataset, where: Filter) -> tuple[sql.Composable, Sequence[Any]]:
    """What stands after FROM for the counts (value, number, is_made_up, place), with what is bound.

    Those of all features are kept; those of filtered ones are counted for the question.
    """
    if where == ALL:
        return published.count_table(dataset), []
    body, bound = body_of(dataset, where, None)
    return sql.SQL("({}) c").format(published.count_rows_sql(dataset, body)), bound


def _state(as_of: int | None) -> tuple[sql.Composable, list[Any]]:
    if as_of is None:
        return sql.SQL("until_revision IS NULL"), []
    return sql.SQL("from_revision <= %s AND (until_revision IS NULL OR until_revision > %s)"), [as_of, as_of]


def _columns(names: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(name) for name in names)


def _ordered(names: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(
        sql.SQL("{} DESC NULLS LAST" if name.startswith("-") else "{}").format(sql.Identifier(name.removeprefix("-")))
        for name in names
    )


def _place_in_list(field: str, first: Sequence[str]) -> sql.Composed:
    """1 for rows with the first of the values, and so on; one more than there are values for all others."""
    values = sql.SQL(", ").join(sql.Literal(str(value)) for value in first)
    return sql.SQL("coalesce(array_position(ARRAY[{}]::text[], {}::text), {})").format(
        values, sql.Identifier(field), sql.Literal(len(first) + 1)
    )


def _box_of(dataset: Dataset) -> sql.Composable:
    if not dataset.geometry:
        return sql.SQL("")
    shape = sql.Identifier(dataset.geometry)
    return sql.SQL(", ST_XMin({0}) AS west, ST_YMin({0}) AS south, ST_XMax({0}) AS east, ST_YMax({0}) AS north").format(
        shape
    )
