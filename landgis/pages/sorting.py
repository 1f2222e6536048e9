"""In which order readers want a list: `?sort=` a column, `-` before it for downwards, and `?near=` a place or lat,lon."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from landgis.catalog import queries, registry, unit_filters
from landgis.catalog.codelists import Label
from landgis.catalog.dataset import Dataset
from landgis.catalog.filters import in_words_of_the_reader
from landgis.catalog.queries import Sorting
from landgis.lib.filters import FilterError
from landgis.lib.parameters import Parameter
from landgis.pages.list_form import changed, kept, without

NEAR, SORT = "near", "sort"
DECIMALS = 3  # of degrees: some hundred metres, and no more is asked of a reader's own place
_PLACE = re.compile(r"(?P<lat>[+-]?\d{1,2}(?:\.\d+)?)\s*[,; ]\s*(?P<lon>[+-]?\d{1,3}(?:\.\d+)?)")


@dataclass(frozen=True)
class RowOrder:
    """What a list is sorted by, and what the place is called from which distances are counted."""

    sorting: Sorting | None = None
    place: str = ""


def parameters(dataset: Dataset) -> Iterator[Parameter]:
    """What the address of a list may say of its order (for `knows`)."""
    if names := _names(dataset):
        yield Parameter(SORT, values=tuple(f"{way}{name}" for name in names for way in ("", "-")))
    if _has_places(dataset):
        yield Parameter(NEAR)


def _names(dataset: Dataset) -> list[str]:
    beside = dataset.lists.beside
    return [*(beside.fields if beside else ()), *dataset.lists.sorts]


def _has_places(dataset: Dataset) -> bool:
    return bool(dataset.geometry and _names(dataset))


def read(dataset: Dataset, query: QueryDict) -> RowOrder:
    """The order in an address. Raises FilterError (`near`) for what is no place."""
    text, field = query.get(NEAR, "").strip(), query.get(SORT, "")
    with in_words_of_the_reader():
        near, place = _place(text) if text else (None, "")
    if not (near or field):
        return RowOrder()
    return RowOrder(Sorting(field.removeprefix("-"), field.startswith("-"), near), place)


def _place(text: str) -> tuple[tuple[float, float], str]:
    """Longitude and latitude, and what is said of them."""
    found = _PLACE.fullmatch(text)
    if not found:
        return unit_filters.place_called(NEAR, text)
    lat, lon = round(float(found["lat"]), DECIMALS), round(float(found["lon"]), DECIMALS)
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise FilterError(NEAR, _("Write a place, or latitude and longitude in degrees such as 10.5,107.1."))
    return (lon, lat), f"{lat}, {lon}"


def label(dataset: Dataset, name: str) -> Label:
    """What a column is called by which lists are sorted."""
    beside = dataset.lists.beside
    return registry.get(beside.dataset).label(name) if beside and name in beside.fields else dataset.label(name)


def links(dataset: Dataset, query: QueryDict) -> dict[str, Any]:
    """The ways to sort, each with its address; the one in use turns round."""
    asked, plain = query.get(SORT, ""), query.copy()
    plain.pop("after", None)
    found = []
    for name in _names(dataset):
        way = "descending" if asked == f"-{name}" else "ascending" if asked == name else ""
        to = f"-{name}" if way == "ascending" else name
        found.append({"label": label(dataset, name), "way": way, "url": f"?{changed(plain, **{SORT: to})}"})
    return {
        "sorts": found,
        "sort": asked,
        "can_sort_near": _has_places(dataset),
        "near_url": f"?{without_order(plain).urlencode()}",
    }


def chips(query: QueryDict, order: RowOrder) -> Iterator[dict[str, str]]:
    """The place from which distances are counted, with the address without it."""
    if order.place:
        rest = without(kept(query), NEAR, query.get(NEAR, ""))
        yield {"label": _("Distance from: %(place)s") % {"place": order.place}, "url": f"?{rest.urlencode()}"}


def box(dataset: Dataset, query: QueryDict, problems: Mapping[str, FilterError]) -> Iterator[dict[str, Any]]:
    """The box of the form that takes the place."""
    if _has_places(dataset):
        written = [query.get(NEAR, "")]
        yield {
            "name": NEAR,
            "label": _("near: commune or latitude,longitude"),
            "kind": "text",
            "values": written,
            "problem": problems.get(NEAR),
        }


def without_order(query: QueryDict) -> QueryDict:
    """The query of those who ask for the rows in no order."""
    rest = query.copy()
    for name in (SORT, NEAR):
        rest.pop(name, None)
    return rest


def is_sorted(row_column: str, order: RowOrder) -> str:
    """What aria-sort says of a column."""
    sorting = order.sorting
    if sorting is None or row_column != (sorting.field or queries.DISTANCE):
        return ""
    return "descending" if sorting.downwards else "ascending"
