"""What a file leaves unsaid of parcels and what follows from the rest. Each gives the names of the fields it filled."""

from collections.abc import Iterable

from psycopg import sql

from landgis.catalog import registry
from landgis.catalog.dataset import Dataset
from landgis.changes.models import ChangeSet
from landgis.lib import statements
from landgis.lib.text import fold
from landgis.places import queries as places
from landgis.places.queries import PublishedUnit


def main_use(dataset: Dataset, change_set: ChangeSet) -> Iterable[str]:
    """The main land use: of the parts the one with the largest area, else the first."""
    if "land_uses" not in change_set.brings:
        return []
    query = sql.SQL(
        "UPDATE {items} SET land_use = (SELECT part ->> 'use' FROM jsonb_array_elements(land_uses) WITH ORDINALITY p(part, place)"
        " ORDER BY (part ->> 'area_m2')::numeric DESC NULLS LAST, place LIMIT 1)"
        " WHERE change_set_id = %s AND land_use IS NULL AND land_uses IS NOT NULL"
    ).format(items=_items(dataset))
    statements.execute(query, [change_set.pk])
    return ["land_use"]


def communes_of_today(dataset: Dataset, change_set: ChangeSet) -> Iterable[str]:
    """Which commune of today the sheet's commune belongs to, by the succession of places.

    Where a commune was divided the place of the parcel tells; without a boundary the field stays empty.
    """
    brings = set(change_set.brings)
    if "old_commune_code" not in brings or {"commune_code", "commune_name"} & brings or not _has_places():
        return []
    units = places.all_units()
    values = []
    for code, name in _sheet_communes(dataset, change_set):
        unit = unit_of(units, code, name)
        now = places.today(units, unit.ref) if unit else []
        if len(now) == 1:
            values.append((code, name, now[0].code, now[0].name))
        elif now:
            _by_place(dataset, change_set, (code, name), [one.ref for one in now])
    query = sql.SQL(
        "UPDATE {items} SET commune_code = %s, commune_name = %s"
        " WHERE change_set_id = %s AND old_commune_code = %s AND old_commune_name IS NOT DISTINCT FROM %s"
    ).format(items=_items(dataset))
    for code, name, code_now, name_now in values:
        statements.execute(query, [code_now, name_now, change_set.pk, code, name])
    return ["commune_code", "commune_name"]


def _by_place(dataset: Dataset, change_set: ChangeSet, sheet: tuple[str, str | None], refs: list[str]) -> None:
    """Take, of the communes that one was divided into, the one in which each parcel lies."""
    query = sql.SQL(
        "UPDATE {items} i SET commune_code = u.code, commune_name = u.name FROM {units} u WHERE i.change_set_id = %s"
        " AND i.old_commune_code = %s AND i.old_commune_name IS NOT DISTINCT FROM %s AND u.until_revision IS NULL"
        " AND u.ref = ANY (%s) AND u.boundary && i.boundary AND ST_Intersects(u.boundary, {place})"
    ).format(
        items=_items(dataset),
        units=sql.Identifier(registry.get("admin-units").in_force._meta.db_table),
        place=dataset.geometry_kind.place_of(sql.SQL("i.boundary")),
    )
    statements.execute(query, [change_set.pk, *sheet, refs])


def _has_places() -> bool:
    return any(dataset.name == "admin-units" for dataset in registry.all_datasets())


def unit_of(units: dict[str, PublishedUnit], code: str, name: str | None) -> PublishedUnit | None:
    """The unit that a sheet means by code and name; a code alone means the first unit that had it."""
    coded = sorted((one for one in units.values() if one.code == code), key=lambda one: (one.is_current, one.ref))
    called = [one for one in coded if name and fold(one.name) == fold(name)]
    return next(iter(called or coded), None)


def _sheet_communes(dataset: Dataset, change_set: ChangeSet) -> list[tuple[str, str | None]]:
    query = sql.SQL(
        "SELECT DISTINCT old_commune_code, old_commune_name FROM {items}"
        " WHERE change_set_id = %s AND old_commune_code IS NOT NULL"
    ).format(items=_items(dataset))
    return statements.rows(query, [change_set.pk])


def _items(dataset: Dataset) -> sql.Identifier:
    return sql.Identifier(dataset.proposed._meta.db_table)
