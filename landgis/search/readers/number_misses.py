"""Why no parcel has the numbers of a question: each reason in its own sentence, with what comes nearest.

Everything is told from public rows, so a parcel that is not public is missed like one that never was.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from psycopg import sql

from landgis.catalog import published
from landgis.catalog.dataset import Dataset
from landgis.catalog.queries import fetch
from landgis.lib.order import order_key
from landgis.search import marks, misses, places, rows
from landgis.search.gazetteer import Named
from landgis.search.hits import Found, Hit, hits_of
from landgis.search.phrases import Numbers
from landgis.search.readers.elsewhere import outside

NEAR = 12  # how far from the number asked for neighbours on the sheet are looked for
FIRST = 10  # a sheet that is there has one of the first numbers
SHARE = 0.02  # of a former parcel: less in common is the width of a drawn line
SAME = 0.98


@dataclass(frozen=True)
class Missed:
    notes: Sequence[str]
    hits: Sequence[Hit] = ()


def explain(
    datasets: Sequence[Dataset], asked: Numbers, named: Named | None, elsewhere: Sequence[rows.Row], *, limit: int
) -> Missed:
    """The first reason that holds, from the surest to the least sure."""
    dataset = rows.cadastre(datasets)
    if misses.date_of(dataset) == misses.NO_DATE:
        return Missed([_("No parcels have been published here yet."), *_next_step()])
    if named is None and (told := outside(asked.rest)):
        return Missed([told])
    for reason in (_since_ended, _in_another_place, _exchanged, _on_a_known_sheet, _not_digitised):
        missed = reason(dataset, asked, named, elsewhere, limit)
        if missed is not None:
            return missed
    return Missed([_nowhere(dataset, asked), *_next_step()])


def place_text(named: Named) -> str:
    return places.names_of(named.units[:1] if named.units[0].is_of_today else named.units)


# The reasons


def _since_ended(dataset: Dataset, asked: Numbers, named: Named | None, elsewhere: Any, limit: int) -> Missed | None:
    """It was there, and was split, merged or given another number since: what lies there today is found."""
    ended = [row for row in _ended(dataset, asked) if _is_in(row["places"], asked, named)]
    if not ended:
        return None
    last = ended[0]
    today = _lying_there(dataset, last["ref"], last["from_revision"]) if dataset.geometry_kind.covers else []
    hits = hits_of([Found(dataset.name, row["ref"], "today") for row in today[:limit]])
    day = date_format(localtime(last["ended_at"]), "SHORT_DATE_FORMAT") if last["ended_at"] else ""
    told = {"sheet": asked.sheet, "parcel": asked.parcel, "date": day}
    if not hits:
        return Missed(
            [_("Parcel %(parcel)s of sheet %(sheet)s ended on %(date)s; nothing public lies there today.") % told]
        )
    if len(hits) > 1:
        text = _("Parcel %(parcel)s of sheet %(sheet)s was split on %(date)s. These lie there today:")
    elif today[0]["mine"] >= SAME and today[0]["theirs"] >= SAME:
        text = _("Parcel %(parcel)s of sheet %(sheet)s was renumbered on %(date)s. It is this one today:")
    else:
        text = _("Parcel %(parcel)s of sheet %(sheet)s went over into another on %(date)s. This one lies there today:")
    return Missed([text % told], hits)


def _in_another_place(
    dataset: Dataset, asked: Numbers, named: Named | None, elsewhere: Sequence[rows.Row], limit: int
) -> Missed | None:
    """The numbers are there, but not in the place that the question names."""
    if not elsewhere:
        return None
    told = {
        "sheet": asked.sheet,
        "parcel": asked.parcel,
        "place": _place(asked, named),
        "date": misses.date_of(dataset),
    }
    hits = hits_of([Found(row.dataset.name, row.ref, "elsewhere") for row in elsewhere[:limit]])
    note = (
        _(
            "%(place)s has no parcel %(parcel)s on sheet %(sheet)s in the data of %(date)s. Other places do: is it one of these?"
        )
        if named
        else _("No place here is called “%(place)s”. These have a parcel %(parcel)s on sheet %(sheet)s:")
    )
    return Missed([note % told], hits) if hits else None


def _exchanged(dataset: Dataset, asked: Numbers, named: Named | None, elsewhere: Any, limit: int) -> Missed | None:
    """Sheet and parcel were written one for the other."""
    turned = Numbers(asked.parcel, asked.sheet, asked.rest)
    there = rows.narrowed(rows.rows_of([dataset], turned), turned, named)
    hits = hits_of([Found(row.dataset.name, row.ref, "similar") for row in there[:limit]])
    if not hits:
        return None
    note = _(
        "No parcel %(parcel)s on sheet %(sheet)s; were the two numbers exchanged? This is sheet %(parcel)s, parcel %(sheet)s:"
    )
    return Missed([note % {"sheet": asked.sheet, "parcel": asked.parcel}], hits)


def _on_a_known_sheet(
    dataset: Dataset, asked: Numbers, named: Named | None, elsewhere: Any, limit: int
) -> Missed | None:
    """The sheet is there: a newer split, or a digit that is wrong; neighbours by number are found."""
    there = _neighbours(dataset, asked, named)
    if not there:
        return None
    number = _whole(asked.parcel)
    there.sort(key=lambda row: (abs(_whole(row["parcel"]) - number), order_key(row["parcel"])))
    near = [row for row in there if abs(_whole(row["parcel"]) - number) <= NEAR]
    hits = hits_of([Found(dataset.name, row["ref"], "similar") for row in near[:3]])
    note = _(
        "Sheet %(sheet)s of %(place)s is here, but has no parcel %(parcel)s in the data of %(date)s. A parcel that was "
        "split or renumbered after that day is not here yet; compare the number with the paper, or look on the map."
    )
    told = {
        "sheet": asked.sheet,
        "parcel": asked.parcel,
        "place": _place(asked, named),
        "date": misses.date_of(dataset),
    }
    return Missed([note % told, *([_("Nearest by number on this sheet:")] if hits else [])], hits)


def _not_digitised(dataset: Dataset, asked: Numbers, named: Named | None, elsewhere: Any, limit: int) -> Missed | None:
    """The place has no such sheet, or no parcels at all."""
    if named is None:
        return None
    count = sum((rows.values_in(dataset, asked, named) or {}).values())
    told = {
        "sheet": asked.sheet,
        "place": place_text(named),
        "date": misses.date_of(dataset),
        "count": count,
        "counted": dataset.counted,
    }
    if count:
        text = _(
            "Sheet %(sheet)s of %(place)s has not been digitised here yet (data of %(date)s); other sheets of it have."
        )
    else:
        text = _("%(place)s has not been digitised here yet: no parcel of it is in the data of %(date)s.")
    return Missed([text % told, *_next_step()])


def _nowhere(dataset: Dataset, asked: Numbers) -> str:
    told = {"sheet": asked.sheet, "parcel": asked.parcel, "date": misses.date_of(dataset)}
    if asked.rest:
        told["place"] = " ".join(map(marks.written, asked.rest))
        return (
            _(
                "No place here is called “%(place)s”, and no parcel anywhere has sheet %(sheet)s and number %(parcel)s in the "
                "data of %(date)s."
            )
            % told
        )
    return _("No parcel anywhere here has sheet %(sheet)s and number %(parcel)s in the data of %(date)s.") % told


def _next_step() -> list[str]:
    return [
        _(
            "Check both numbers on the certificate, look at the place on the map, or ask the land registration office, "
            "which keeps the newest state."
        )
    ]


# What they look at


def _ended(dataset: Dataset, asked: Numbers) -> list[dict[str, Any]]:
    """Public rows that had the numbers and whose ref is no longer in force, the latest first."""
    sheet, parcel = map(sql.Identifier, dataset.numbers.fields)
    query = sql.SQL(
        "SELECT e.ref, e.from_revision, {places} AS places,"
        " (SELECT applied_at FROM published.revision r WHERE r.number = e.until_revision) AS ended_at"
        " FROM {view} e WHERE until_revision IS NOT NULL AND {sheet} = ANY(%s::text[]) AND {is_parcel}"
        " AND NOT EXISTS (SELECT FROM {view} n WHERE n.ref = e.ref AND n.until_revision IS NULL AND n.{sheet} = e.{sheet}"
        " AND n.{parcel} = e.{parcel}) ORDER BY until_revision DESC LIMIT 100"
    ).format(
        places=rows.places_sql(dataset),
        view=published.view(dataset),
        sheet=sheet,
        parcel=parcel,
        is_parcel=rows.is_parcel_sql(dataset),
    )
    return fetch(query, [rows.variants(asked.sheet), *rows.parcel_bound(dataset, asked.parcel)])


def _lying_there(dataset: Dataset, ref: str, from_revision: int) -> list[dict[str, Any]]:
    """What in force has ground in common with a former state, the most first: shares of its area and of theirs."""
    query = sql.SQL(
        "SELECT n.ref, common.m / nullif(ST_Area(e.{shape}), 0) AS mine, common.m / nullif(ST_Area(n.{shape}), 0) AS theirs"
        " FROM {view} e JOIN {view} n ON n.until_revision IS NULL AND n.{shape} && e.{shape}"
        " CROSS JOIN LATERAL (SELECT ST_Area(ST_Intersection(n.{shape}, e.{shape})) AS m) common"
        " WHERE e.ref = %s AND e.from_revision = %s AND common.m > {share} * ST_Area(e.{shape}) ORDER BY common.m DESC LIMIT 20"
    ).format(shape=sql.Identifier(str(dataset.geometry)), view=published.view(dataset), share=sql.Literal(SHARE))
    return fetch(query, [ref, from_revision])


def _neighbours(dataset: Dataset, asked: Numbers, named: Named | None) -> list[dict[str, Any]]:
    """Rows of the sheet in the place with numbers near to the one asked for, or with the first numbers of a sheet."""
    values = rows.values_in(dataset, asked, named)
    number = _whole(asked.parcel)
    wanted = {*range(max(number - NEAR, 1), number + NEAR + 1), *range(1, FIRST + 1)}
    sheet, parcel = map(sql.Identifier, dataset.numbers.fields)
    query = sql.SQL(
        "SELECT ref, {parcel} AS parcel FROM {view} WHERE until_revision IS NULL"
        " AND {sheet} = ANY(%s::text[]) AND {parcel} = ANY(%s::text[]) AND ({place}) LIMIT 500"
    ).format(
        place=sql.SQL("true") if values is None else rows.in_places_sql(dataset),
        view=published.view(dataset),
        sheet=sheet,
        parcel=parcel,
    )
    bound = [] if values is None else [list(values)] * len(dataset.search.places)
    return fetch(query, [rows.variants(asked.sheet), sorted(map(str, wanted)), *bound])


def _is_in(names: Sequence[Any], asked: Numbers, named: Named | None) -> bool:
    keys = rows.keys(names)
    if named is None:
        return not asked.rest or any(rows.says(asked.rest, key) for key in keys)
    return rows.lies_in(keys, rows.names_as_issued(named.units) | rows.names_of_today(named.units))


def _place(asked: Numbers, named: Named | None) -> str:
    return place_text(named) if named else (" ".join(map(marks.written, asked.rest)) or _("the whole area"))


def _whole(number: str) -> int:
    """The number without what tells it from others of the same."""
    whole = rows.split_twin(number)[0]
    return int(whole) if whole.isdigit() else 0
