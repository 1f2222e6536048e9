"""What an inspector asks of the inventory beside its totals: which leases end, and whether parcels bear it out.

All figures can be had again from the downloads of the list: a lease has its day, a plot and a parcel their boundaries.
"""

import datetime
from typing import Any

from django.db import OperationalError
from django.http import QueryDict
from django.utils.formats import number_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from landgis.catalog import clock, memory, registry, sums
from landgis.catalog.addresses import list_address, with_pages
from landgis.catalog.subject import PublicState
from landgis.catalog.surroundings import cover
from landgis.lib.filters import And, AtLeast, AtMost, Filter

NAME = "public-land"
PARAMETER = "compare"
NEXT = 8
SOON, YEAR = datetime.timedelta(days=90), datetime.timedelta(days=365)
DAY = datetime.timedelta(days=1)
LONG_AGO = datetime.date(1900, 1, 1)
HECTARE_M2 = 10_000


def inspection(where: Filter, state: PublicState, asked: QueryDict) -> dict[str, Any]:
    """Context of publicland/_inspection.html for the plots that the list shows.

    Periods are counted from today, also for the leases of a past state.
    """
    today = clock.today()
    periods = [
        (_("ended"), None, today - DAY),
        (_("within 90 days"), today, today + SOON),
        (_("later within a year"), today + SOON + DAY, today + YEAR),
        (_("after that"), today + YEAR + DAY, None),
    ]
    return {
        "counted_from": today if state.as_of is not None else None,
        "leases": [_period(where, state, asked, *period) for period in periods],
        "next": _next(where, state, today),
        "parcels": _against_parcels(where, state, asked),
    }


def _period(
    where: Filter,
    state: PublicState,
    asked: QueryDict,
    label: str,
    first: datetime.date | None,
    last: datetime.date | None,
) -> dict[str, Any]:
    ends: list[Filter] = [AtLeast("lease_ends_on", first or LONG_AGO)]
    ends += [AtMost("lease_ends_on", last)] if last else []
    total = sums.totals(registry.get(NAME), And((where, *ends)), as_of=state.as_of)[""][0]
    left = ("after", "scene", PARAMETER)
    kept = {name: values for name, values in asked.lists() if not name.startswith("lease_ends_on") and name not in left}
    limits = {"lease_ends_on_min": first or LONG_AGO, "lease_ends_on_max": last}
    return {
        "label": label,
        "count": number_format(total["count"], force_grouping=True),
        "area": _hectares(total["area_legal"]),
        "url": list_address(NAME, **kept, **{name: day for name, day in limits.items() if day}),
    }


def _next(where: Filter, state: PublicState, today: datetime.date) -> list[dict[str, Any]]:
    fields = ("ref", "name", "commune_today", "commune_name", "lease_ends_on")
    order = ("lease_ends_on", "ref")
    coming = And((where, AtLeast("lease_ends_on", today)))
    found = memory.of_each(
        ("next leases", coming, state.as_of),
        [registry.get(NAME)],
        lambda plots: state.rows(plots, coming, fields=fields, order=order, limit=NEXT),
    )(registry.get(NAME))
    return [
        {
            "title": row["name"],
            "url": state.feature_address(NAME, row["ref"]),
            "commune": row["commune_today"] or row["commune_name"],
            "ends_on": row["lease_ends_on"],
        }
        for row in found
    ]


def _against_parcels(where: Filter, state: PublicState, asked: QueryDict) -> dict[str, Any] | None:
    """Plots against parcels, on request, because every boundary is looked at; None where no parcels are published."""
    parcels = with_pages("parcels")
    if parcels is None:
        return None
    if asked.get(PARAMETER) != "parcels":
        return {"ask_url": "?" + urlencode({**dict(asked.lists()), PARAMETER: "parcels"}, doseq=True)}
    try:
        found = cover(registry.get(NAME), parcels, where, as_of=state.as_of)
    except OperationalError:  # it was cut off: nobody's page may hold the database that long
        return {"is_too_much": True}
    return {
        "counts": [
            (_("wholly on parcels"), number_format(found.whole, force_grouping=True)),
            (_("partly"), number_format(found.partly, force_grouping=True)),
            (_("on no parcel"), number_format(found.none, force_grouping=True)),
        ],
        "area": _hectares(found.area_m2),
        "covered": _hectares(found.covered_m2),
        "rest": _hectares(found.area_m2 - found.covered_m2),
    }


def _hectares(area_m2: Any) -> str:
    return f"{number_format(round(float(area_m2 or 0) / HECTARE_M2, 2), 2, force_grouping=True)} ha"
