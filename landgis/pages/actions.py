"""What a reader can do with a feature at once: go there, be reminded, send it on."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils import timezone

from landgis.catalog import queries
from landgis.catalog.dataset import Dataset
from landgis.pages.calendars import is_coming


def of_feature(dataset: Dataset, row: Mapping[str, Any]) -> dict[str, Any]:
    """Context of pages/_actions.html: addresses, each None where there is nothing to do."""
    now = timezone.now()
    coming = dataset.moments and any(is_coming(moment, now) for moment in dataset.moments([row]))
    return {
        "directions": directions(row),
        "calendar": reverse("pages:feature-calendar", args=[dataset, row["ref"]]) if coming else None,
    }


def directions(row: Mapping[str, Any]) -> dict[str, str] | None:
    """The middle of a feature for the navigator of a phone, and for a script where no navigator knows geo:."""
    if row.get("west") is None:
        return None
    longitude, latitude = queries.place_of(row)
    place = f"{latitude:.6f},{longitude:.6f}"
    return {"url": f"geo:{place}?q={place}", "place": place}
