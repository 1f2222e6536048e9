"""What a reader can do with a feature at once: go there, be reminded, send it on."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from landgis.catalog import queries
from landgis.catalog.dataset import Moment
from landgis.catalog.subject import Subject
from landgis.pages.calendars import is_coming
from landgis.pages.part_reader import PartReader


def of_feature(subject: Subject, in_time: PartReader) -> dict[str, Any]:
    """Context of pages/_actions.html: addresses, each None where there is nothing to do. Of the past nothing comes."""
    dataset, now = subject.dataset, subject.state.now
    moments = (in_time(_moments, subject) if now else None) or ()
    coming = any(now and not moment.is_called_off and is_coming(moment, now) for moment in moments)
    as_of = f"?as_of={subject.state.as_of}" if subject.state.as_of else ""
    return {
        "extract": reverse("pages:feature-extract", args=[dataset, subject.ref]) + as_of
        if dataset.geometry_kind.covers
        else None,
        "directions": directions(subject.row),
        "calendar": reverse("pages:feature-calendar", args=[dataset, subject.ref]) if coming else None,
    }


def _moments(subject: Subject) -> list[Moment]:
    return list(subject.dataset.moments([subject.row], subject.state)) if subject.dataset.moments else []


def directions(row: Mapping[str, Any]) -> dict[str, str] | None:
    """A point on a feature for the navigator of a phone, and for a script where no navigator knows geo:."""
    if row.get("west") is None:
        return None
    longitude, latitude = queries.place_of(row)
    place = f"{latitude:.6f},{longitude:.6f}"
    return {"url": f"geo:{place}?q={place}", "place": place}
