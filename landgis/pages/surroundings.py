"""The parts of a feature's page that say what touches it, and what its use allows."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from landgis.catalog import codelists, office
from landgis.catalog.addresses import feature_address
from landgis.catalog.dataset import Dataset
from landgis.catalog.surroundings import APART, NO_DATA, REACH_KM, TOUCHES, SurroundingFeature, Surroundings, ThemeHits
from landgis.lib.order import order_key
from landgis.pages.texts import number_text, value_text


def context(dataset: Dataset, found: Surroundings) -> dict[str, Any]:
    """Context of pages/_themes.html and pages/_neighbours.html."""
    listed = office.current().themes
    titles = {theme.dataset: theme.name for theme in listed}
    themes = [
        (str(titles.get(one.dataset.name, one.dataset.title_plural)), one) for one in _in_order(found.themes, titles)
    ]
    asked = {dataset.name, *(one.dataset.name for one in found.themes), *(one.name for one in found.failed)}
    return {
        "touching": [
            {"title": title, "hits": _hits(dataset, one.hits)} for title, one in themes if one.state == TOUCHES
        ],
        "pending": [{"title": title, "hits": _hits(dataset, one.pending)} for title, one in themes if one.pending],
        "none_pending": [
            title for title, one in themes if one.dataset.theme.pending and not one.pending and one.state != NO_DATA
        ],
        "apart": [title for title, one in themes if one.state == APART],
        "not_near": [title for title, one in themes if one.state == NO_DATA],
        "without_data": [theme.name for theme in listed if theme.dataset not in asked],
        "has_list": bool(listed),
        "failed": [dataset.title_plural for dataset in found.failed],
        "reach_km": REACH_KM,
        "ground": [
            _named(hit) | {"dataset": hit.dataset.title, "share": "" if hit.share is None else share_text(hit.share)}
            for hit in found.ground
        ],
        "neighbours": sorted((_named(hit) for hit in found.neighbours), key=lambda one: order_key(one["title"])),
        "more_neighbours": found.more_neighbours,
    }


def _in_order(themes: Sequence[ThemeHits], titles: Mapping[str, str]) -> list[ThemeHits]:
    """As the office lists them; after them those that it does not list."""
    places = list(titles)
    return sorted(themes, key=lambda one: places.index(one.dataset.name) if one.dataset.name in titles else len(places))


def _hits(dataset: Dataset, hits: Iterable[SurroundingFeature]) -> list[dict[str, Any]]:
    return [_hit(dataset, hit) for hit in hits]


def _named(hit: SurroundingFeature) -> dict[str, Any]:
    url = feature_address(hit.dataset.name, hit.ref)
    distance = "" if hit.distance_m is None else f"{number_text(hit.distance_m, 1)} m"
    return {"title": hit.title, "is_as_given": hit.is_as_given, "ref": hit.ref, "url": url, "distance": distance}


def _hit(own: Dataset, hit: SurroundingFeature) -> dict[str, Any]:
    dataset = hit.dataset
    standing = [dataset.theme.pending[0]] if dataset.theme.pending and dataset.is_pending(hit.values) else []
    facts = [
        {"label": dataset.label(name), "text": text, "is_as_given": dataset.is_free_text(name)}
        for name in dict.fromkeys([*standing, *dataset.theme.fields])
        if (text := value_text(dataset, dataset.field(name), _value(dataset, name, hit.values.get(name))))
    ]
    return _named(hit) | {
        "facts": facts,
        "extent": _extent(own, hit),
    }


def _extent(own: Dataset, hit: SurroundingFeature) -> str:
    """How much of the feature lies there: so many square metres or metres, and the share; nothing for a point."""
    measure = own.geometry_kind.measure
    if measure is None or hit.size is None or hit.share is None:
        return ""
    return f"{number_text(hit.size, 1)} {measure.unit} · {share_text(hit.share)}"


def _value(dataset: Dataset, name: str, value: Any) -> Any:
    """JSON has no days."""
    if value and dataset.is_range(name) and not dataset.is_number(name):
        return datetime.date.fromisoformat(value[:10])
    return value


def share_text(share: float) -> str:
    """A share of an area: 100 %, 37,5 %, less than 0,1 %."""
    percent = min(share * 100, 100)
    if percent < 0.1:
        return _("less than %(n)s %%") % {"n": number_text(0.1, 1)}
    return f"{number_text(percent, 0 if percent > 99.95 else 1)} %"


def uses(dataset: Dataset, row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the codes of a feature's uses allow, as far as their list says so."""
    return [
        {"label": dataset.label(field.name), "text": value_text(dataset, field, row[field.name]), "meaning": meaning}
        for field in dataset.public_fields
        if field.codes in codelists.OF_A_COUNTRY and (meaning := codelists.meaning(field.codes, row[field.name]))
    ]
