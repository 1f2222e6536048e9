"""What messengers show of a page that is sent on (Open Graph): its title, a line, and a picture of 1200 x 630."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import get_language

from landgis.catalog.dataset import Dataset, Field
from landgis.catalog.subject import Subject
from landgis.lib.webmap import Box, Padding, fit
from landgis.pages import stills
from landgis.pages.addresses import data_address
from landgis.pages.texts import value_text

WIDTH, HEIGHT = 1200, 630
MARGIN = Padding(60, 60, 60, 60)


def of_map(
    request: HttpRequest,
    datasets: Iterable[Dataset],
    bounds: Box | None,
    query: QueryDict,
    *,
    title: str,
    text: str,
) -> dict[str, Any]:
    """Of a map or list: the picture of what it shows."""
    card = {"title": title, "text": text, "url": request.build_absolute_uri()}
    if bounds is None:
        return card
    view = fit(bounds, WIDTH, HEIGHT, MARGIN, nearest=stills.NEAREST)
    names = [dataset.name for dataset in datasets]
    url = stills.address(view, names, query, scene=request.GET.get("scene"), kind="jpg", furniture=1)
    return {**card, "image": request.build_absolute_uri(url), "width": WIDTH, "height": HEIGHT}


def of_feature(request: HttpRequest, subject: Subject, title: str) -> dict[str, Any]:
    """Of one feature: its facts in a line, and its outline on the newest image (which a past state has not)."""
    dataset, row = subject.dataset, subject.row
    card = {"title": title, "text": _line(dataset, row), "url": request.build_absolute_uri()}
    if not dataset.geometry or subject.state.as_of is not None:
        return card
    plain = f"/pictures/outline/{dataset.name}/{row['ref']}.jpg"
    address = data_address("pictures:outline-jpeg", plain, dataset.name, row["ref"])
    image = request.build_absolute_uri(f"{address}?width={WIDTH}&height={HEIGHT}&lang={get_language()}")
    return {**card, "image": image, "width": WIDTH, "height": HEIGHT}


def _line(dataset: Dataset, row: Mapping[str, Any]) -> str:
    """What a list says of the feature."""
    listed = [field for field in dataset.public_fields if field.in_list and field.name != dataset.title_field]
    texts = [_fact(dataset, field, row[field.name]) for field in listed]
    return " · ".join(text for text in texts if text)[:300]


def _fact(dataset: Dataset, field: Field, value: Any) -> str:
    text = value_text(dataset, field, value)
    return f"{text} {field.unit}".strip() if text else ""
