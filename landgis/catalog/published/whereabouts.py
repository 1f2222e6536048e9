"""In which units of today features lie that are in force, or that are proposed: what decides whose they are.

The unit of a feature is the one that `locating` finds; it also reaches into those that hold a share of it. A feature for
which others stand on the map lies where these do, one as wide as units in each that it reaches into. Datasets that say nothing of units lie nowhere.
"""

from collections.abc import Collection, Sequence

from psycopg import sql

from landgis.catalog import registry
from landgis.catalog.dataset import Dataset
from landgis.catalog.published import locating
from landgis.catalog.published.names import in_force_table
from landgis.lib import statements

NOWHERE = ""  # stands for the unit of what lies in none that is known

LYING = sql.SQL("{chosen} SELECT d.ref, coalesce(d.unit, '') AS unit, d.reached FROM chosen d")
# What is as wide as units are lies in each that it reaches into.
LYING_WIDE = sql.SQL(
    "{chosen} SELECT DISTINCT d.ref, coalesce(r.unit, '') AS unit, d.reached FROM chosen d"
    " LEFT JOIN LATERAL unnest(array_append(d.reached, d.unit)) r(unit) ON r.unit IS NOT NULL"
)
WITH = sql.SQL(
    "SELECT f.ref, coalesce(l.unit, '') AS unit, '{{}}'::text[] AS reached FROM ({features}) f LEFT JOIN ({others}) l"
    " ON l.named = f.ref"
)
OTHERS = sql.SQL(
    "SELECT o.{field} AS named, l.unit FROM {table} o JOIN catalog_location l ON l.dataset = {name} AND l.ref = o.ref"
    " AND l.from_revision = o.from_revision WHERE o.until_revision IS NULL"
)
ELSEWHERE = sql.SQL("SELECT f.ref, ''::text AS unit, '{{}}'::text[] AS reached FROM ({features}) f")


def columns(dataset: Dataset) -> list[str]:
    """The columns that decide where a feature lies, beside its ref."""
    said = dataset.lies_in
    named = [said.name, said.code, said.today, said.today_code] if said else []
    return [name for name in (*dict.fromkeys(named), dataset.geometry) if name]


def lying(dataset: Dataset, features: sql.Composable) -> tuple[sql.Composable, Sequence[list[str | None]]]:
    """SELECT of ref, unit and the units reached of features, with what is bound; `features` gives ref and `columns`.

    A feature may have several rows: of before and after, or of what it lies with.
    """
    if dataset.lies_in and not dataset.lies_in.of:
        chosen, bound = locating.chosen_sql(dataset, dataset.lies_in, features)
        return (LYING_WIDE if dataset.lies_in.is_wide else LYING).format(chosen=chosen), bound
    if dataset.map.drawn_with:
        return WITH.format(features=features, others=_others(*dataset.map.drawn_with)), ()
    return ELSEWHERE.format(features=features), ()


def of_features(dataset: Dataset, refs: Collection[str], *, also_ended: bool = False) -> dict[str, set[str]]:
    """The units of features in force: the one each lies in, NOWHERE among them where that is not known.

    With `also_ended` also of those that are not in force any more, as they lay last.
    """
    names = sql.SQL(", ").join(sql.Identifier("f", name) for name in ("ref", *columns(dataset)))
    newest = "" if also_ended else " AND f.until_revision IS NULL"
    features = sql.SQL(
        "SELECT DISTINCT ON (f.ref) {} FROM {} f WHERE f.ref = ANY ({}){} ORDER BY f.ref, f.from_revision DESC"
    ).format(names, in_force_table(dataset), sql.Literal(list(refs)), sql.SQL(newest))
    query, bound = lying(dataset, features)
    found: dict[str, set[str]] = {}
    for ref, unit, _reached in statements.rows(query, bound):
        found.setdefault(ref, set()).add(unit)
    return found


def _others(name: str, field: str) -> sql.Composable:
    """The features that stand for others on the map, with the one that they name and the unit that they lie in."""
    others = registry.get(name)
    return OTHERS.format(field=sql.Identifier(field), table=in_force_table(others), name=sql.Literal(name))
