"""In which unit of today each feature lies: said by its documents where these name one only, else by its place."""

from collections.abc import Iterable, Sequence
from typing import Any

from psycopg import sql

from landgis.catalog import registry, statistics, units
from landgis.catalog.dataset import Dataset, LiesIn, Units
from landgis.catalog.dataset.units import DERIVED
from landgis.catalog.published.names import in_force_table
from landgis.catalog.published.policy import is_public_sql
from landgis.lib import statements
from landgis.lib.order import NATURAL
from landgis.lib.unit_names import KnownUnit

# The share of a feature from which on it is said that it reaches into a unit: less is how exactly lines are drawn.
REACHES = 0.01
MANY = 500  # lines, from which on the next load would be planned as if there were none
BY_FILE, BY_NAME, BY_PLACE, NAMED_ELSEWHERE, NOT_KNOWN = "file", "name", "place", "name-elsewhere", "not-known"
BY_OTHERS = "others"

COLUMNS = ("unit", *DERIVED)
SAID = sql.SQL(", ").join(map(sql.Identifier, COLUMNS))

# What documents name, and what follows: the units of today that are meant, and what the file itself says of today.
KNOWN = sql.SQL(
    "SELECT name, code, said_name, said_code, string_to_array(now, ' ') AS now FROM unnest(%s::text[], %s::text[],"
    " %s::text[], %s::text[], %s::text[]) AS k(name, code, said_name, said_code, now)"
)
# Of the units of today those that hold the place of a feature, and those that it reaches into, most of it first.
SEEN = sql.SQL(
    "SELECT coalesce(array_agg(x.ref) FILTER (WHERE x.holds), '{{}}') AS at,"
    " coalesce(array_agg(x.ref ORDER BY x.share DESC, x.ref) FILTER (WHERE x.share >= {reaches}), '{{}}') AS reached"
    " FROM (SELECT u.ref, ST_Intersects(u.{area}, f.place) AS holds, {share} AS share FROM {units} u"
    " WHERE u.until_revision IS NULL AND u.{is_current} AND u.{area} && f.shape) x"
)
NO_UNITS = sql.SQL("(SELECT NULL::text AS ref, NULL::text AS name, NULL::text AS code WHERE false)")
NOT_SEEN = sql.SQL("SELECT '{{}}'::text[] AS at, '{{}}'::text[] AS reached")
# One unit is meant: it. Several: the one of them that holds the place. None: the one that holds the place.
UNIT = sql.SQL(
    "CASE cardinality(k.now) WHEN 1 THEN k.now[1]"
    " WHEN 0 THEN CASE WHEN k.said_name IS NULL AND cardinality(s.at) = 1 THEN s.at[1] END"
    " ELSE (SELECT CASE WHEN count(*) = 1 THEN min(a) END FROM unnest(s.at) a WHERE a = ANY (k.now)) END"
)
BY = sql.SQL(
    "CASE WHEN d.unit IS NULL THEN CASE WHEN d.said_name IS NULL OR cardinality(d.now) > 0 THEN {not_known} ELSE {by_file} END"
    " WHEN cardinality(d.now) <> 1 THEN {by_place}"
    " WHEN cardinality(d.at) > 0 AND d.unit <> ALL (d.at) THEN {elsewhere}"
    " WHEN d.said_name IS NOT NULL OR d.said_code IS NOT NULL THEN {by_file} ELSE {by_name} END"
).format(
    not_known=sql.Literal(NOT_KNOWN),
    by_file=sql.Literal(BY_FILE),
    by_place=sql.Literal(BY_PLACE),
    elsewhere=sql.Literal(NAMED_ELSEWHERE),
    by_name=sql.Literal(BY_NAME),
)
# In which unit each feature lies, and into which it reaches.
CHOSEN = sql.SQL(
    "WITH known AS MATERIALIZED ({known}),"
    " features AS MATERIALIZED (SELECT f.ref, {revision} AS from_revision, {shape} AS shape, {place} AS place, {names}"
    " FROM ({rows}) f),"
    " chosen AS MATERIALIZED (SELECT f.ref, f.from_revision, k.now, k.said_name, k.said_code, s.at, s.reached, {unit} AS unit"
    " FROM features f JOIN known k ON k.name IS NOT DISTINCT FROM f.name AND k.code IS NOT DISTINCT FROM f.code"
    " AND k.said_name IS NOT DISTINCT FROM f.said_name AND k.said_code IS NOT DISTINCT FROM f.said_code"
    " CROSS JOIN LATERAL ({seen}) s)"
)
# A name that nobody has units of stays as the file says it.
DECIDED = sql.SQL(
    "{chosen} SELECT d.ref, d.from_revision, d.unit,"
    " CASE WHEN d.unit IS NULL AND {by} = 'file' THEN d.said_name ELSE u.name END"
    " AS commune_today, CASE WHEN d.unit IS NULL AND {by} = 'file' THEN d.said_code ELSE u.code END AS commune_today_code,"
    " {by} AS commune_today_by, (SELECT string_agg(o.name, ', ' ORDER BY r.place) FROM unnest(d.reached) WITH ORDINALITY"
    " AS r(ref, place) JOIN {all_units} o ON o.ref = r.ref WHERE r.ref IS DISTINCT FROM d.unit) AS commune_today_also"
    " FROM chosen d LEFT JOIN {all_units} u ON u.ref = d.unit"
)
# Where the public features lie that are of one, most of them first.
OF_OTHERS = sql.SQL(
    "WITH met AS (SELECT f.{key} AS ref, l.commune_today AS name, min(l.unit) AS unit, min(l.commune_today_code) AS code,"
    " row_number() OVER (PARTITION BY f.{key} ORDER BY count(*) DESC, l.commune_today COLLATE {natural}) AS place"
    " FROM {table} f JOIN catalog_location l ON l.dataset = {other} AND l.ref = f.ref AND l.from_revision = f.from_revision"
    " WHERE f.until_revision IS NULL AND {is_public} AND l.commune_today IS NOT NULL GROUP BY f.{key}, l.commune_today)"
    " SELECT f.ref, f.from_revision, min(m.unit) FILTER (WHERE m.place = 1) AS unit,"
    " min(m.name) FILTER (WHERE m.place = 1) AS commune_today, min(m.code) FILTER (WHERE m.place = 1) AS commune_today_code,"
    " CASE WHEN count(m.ref) > 0 THEN {by} ELSE {not_known} END AS commune_today_by,"
    " string_agg(m.name, ', ' ORDER BY m.place) FILTER (WHERE m.place > 1) AS commune_today_also"
    " FROM {own} f LEFT JOIN met m ON m.ref = f.ref WHERE f.until_revision IS NULL AND {chosen} GROUP BY f.ref, f.from_revision"
)
KEEP = sql.SQL(
    "WITH decided AS MATERIALIZED ({decided}), changed AS MATERIALIZED (SELECT d.*, l.since FROM decided d"
    " LEFT JOIN catalog_location l ON l.dataset = {name} AND l.ref = d.ref AND l.from_revision = d.from_revision"
    " WHERE l.ref IS NULL OR (l.unit, l.commune_today, l.commune_today_code, l.commune_today_by, l.commune_today_also)"
    " IS DISTINCT FROM (d.unit, d.commune_today, d.commune_today_code, d.commune_today_by, d.commune_today_also)),"
    " kept AS (INSERT INTO catalog_pastlocation (dataset, ref, from_revision, since, until, {said})"
    " SELECT l.dataset, l.ref, l.from_revision, l.since, {revision}, {old} FROM catalog_location l JOIN changed c"
    " ON c.ref = l.ref AND c.from_revision = l.from_revision WHERE l.dataset = {name} AND l.since < {revision}),"
    " come AS (INSERT INTO catalog_location AS l (dataset, ref, from_revision, since, {said})"
    " SELECT {name}, c.ref, c.from_revision, CASE WHEN c.since IS NULL THEN c.from_revision ELSE {revision} END, {new}"
    " FROM changed c ON CONFLICT (dataset, ref, from_revision) DO UPDATE SET since = excluded.since,"
    " ({said}) = ROW (excluded.unit, excluded.commune_today, excluded.commune_today_code, excluded.commune_today_by,"
    " excluded.commune_today_also))"
    " SELECT ref FROM changed"
)


def locate(dataset: Dataset, refs: sql.Composable | None = None, bound: Sequence[Any] = ()) -> list[str]:
    """Note in which unit of today the features in force lie; gives those of which something else is said than before.

    Only some features where `refs` selects them. What was said of a row until the newest revision is kept.
    """
    if dataset.lies_in is None:
        return []
    decided, parameters = decided_sql(dataset, dataset.lies_in, refs, bound)
    query = KEEP.format(
        decided=decided,
        name=sql.Literal(dataset.name),
        said=SAID,
        old=sql.SQL(", ").join(sql.Identifier("l", name) for name in COLUMNS),
        new=sql.SQL(", ").join(sql.Identifier("c", name) for name in COLUMNS),
        revision=sql.SQL("(SELECT coalesce(max(number), 0) FROM catalog_revision)"),
    )
    found = [ref for (ref,) in statements.rows(query, parameters)]
    statistics.refresh("catalog_location", is_due=len(found) > MANY)
    return found


def in_order(datasets: Iterable[Dataset]) -> list[Dataset]:
    """Datasets in the order in which they are located: behind the others those that lie where these do."""
    return sorted(datasets, key=lambda one: one.lies_in is not None and one.lies_in.of is not None)


def decided_sql(
    dataset: Dataset, lies_in: LiesIn, refs: sql.Composable | None = None, bound: Sequence[Any] = ()
) -> tuple[sql.Composable, list[Any]]:
    """SELECT of ref, from_revision and what is said of each feature in force, with what is bound."""
    wanted = sql.SQL("f.ref IN ({})").format(refs) if refs is not None else sql.SQL("true")
    if lies_in.of is not None:
        return _of_others(dataset, lies_in.of, wanted), list(bound)
    rows = sql.SQL("SELECT * FROM {} f WHERE f.until_revision IS NULL AND {}").format(in_force_table(dataset), wanted)
    chosen, parameters = chosen_sql(dataset, lies_in, rows, bound, revision=sql.SQL("f.from_revision"))
    areas = _areas()
    return DECIDED.format(chosen=chosen, by=BY, all_units=_all_units(*areas) if areas else NO_UNITS), parameters


def chosen_sql(
    dataset: Dataset,
    lies_in: LiesIn,
    rows: sql.Composable,
    bound: Sequence[Any] = (),
    *,
    revision: sql.Composable = sql.NULL,
) -> tuple[sql.Composable, list[Any]]:
    """What stands before a SELECT from `chosen`, with what is bound: of each of the rows the unit, and those it reaches.

    `rows` is a SELECT of ref, the fields that `lies_in` names and the geometry.
    """
    shape = sql.Identifier("f", dataset.geometry) if dataset.geometry else sql.SQL("NULL::geometry")
    areas = _areas()
    query = CHOSEN.format(
        known=KNOWN,
        revision=revision,
        shape=shape,
        place=dataset.geometry_kind.place_of(shape),
        names=_names(lies_in, "f"),
        rows=rows,
        unit=UNIT,
        seen=_seen(dataset, *areas) if areas and dataset.geometry else NOT_SEEN.format(),
    )
    return query, [*_known(lies_in, rows, bound), *bound]


def _areas() -> tuple[Dataset, Units] | None:
    """The units that are drawn."""
    return next(((one, said) for one, said in units.declared() if one.geometry_kind.covers), None)


def _of_others(dataset: Dataset, of: tuple[str, str], chosen: sql.Composable) -> sql.Composable:
    other = registry.get(of[0])
    return OF_OTHERS.format(
        key=sql.Identifier(of[1]),
        natural=sql.Identifier(NATURAL),
        table=in_force_table(other),
        other=sql.Literal(other.name),
        is_public=is_public_sql(other),
        by=sql.Literal(BY_OTHERS),
        not_known=sql.Literal(NOT_KNOWN),
        own=in_force_table(dataset),
        chosen=chosen,
    )


def _names(lies_in: LiesIn, alias: str) -> sql.Composable:
    columns = (lies_in.name, lies_in.code, lies_in.today, lies_in.today_code)
    parts = [
        sql.SQL("{} AS {}").format(sql.Identifier(alias, column) if column else sql.SQL("NULL::text"), sql.SQL(known))
        for column, known in zip(columns, ("name", "code", "said_name", "said_code"), strict=True)
    ]
    return sql.SQL(", ").join(parts)


def _seen(dataset: Dataset, areas: Dataset, said: Units) -> sql.Composable:
    area = sql.Identifier("u", str(areas.geometry))
    return SEEN.format(
        reaches=sql.Literal(REACHES),
        area=sql.Identifier(str(areas.geometry)),
        share=dataset.geometry_kind.share_of(areas.geometry_kind, area, sql.SQL("f.shape")),
        units=in_force_table(areas),
        is_current=sql.Identifier(said.is_current),
    )


def _all_units(areas: Dataset, said: Units) -> sql.Composable:
    return sql.SQL("(SELECT ref, {} AS name, {} AS code FROM {} WHERE until_revision IS NULL)").format(
        sql.Identifier(said.name), sql.Identifier(said.code), in_force_table(areas)
    )


def _known(lies_in: LiesIn, rows: sql.Composable, bound: Sequence[Any]) -> list[list[str | None]]:
    """What the documents of the rows name, and the refs of the units of today that are meant, as columns."""
    query = sql.SQL("SELECT DISTINCT {} FROM ({}) f")
    named = statements.rows(query.format(_names(lies_in, "f"), rows), bound)
    known = units_in_force()
    lines: list[tuple[str | None, ...]] = [
        (
            *(name, code, said, said_code),
            " ".join(sorted(unit.ref for unit in units.of_today(known, (name, code), (said, said_code)))),
        )
        for name, code, said, said_code in named
    ]
    return [list(column) for column in zip(*lines, strict=True)] or [[], [], [], [], []]


def units_in_force() -> dict[str, KnownUnit]:
    """The units of all times, by their refs, as this transaction sees them."""
    found = {}
    for dataset, said in units.declared():
        query = sql.SQL("SELECT {} FROM {} WHERE until_revision IS NULL")
        rows = statements.rows(query.format(units.columns_sql(said), in_force_table(dataset)))
        names = ("ref", "code", "name", "kind", "is_current", "successors")
        found.update(
            {one.ref: one for one in units.read(dataset, (dict(zip(names, row, strict=True)) for row in rows))}
        )
    return found
