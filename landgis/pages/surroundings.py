"""The parts of a feature's page that say what touches it, and what its use allows."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from landgis.catalog import codelists
from landgis.catalog.addresses import feature_address
from landgis.catalog.dataset import Dataset
from landgis.catalog.surroundings import APART, NO_DATA, REACH_KM, TOUCHES, SurroundingFeature, Surroundings, ThemeHits
from landgis.lib.order import order_key
from landgis.pages.texts import number_text, value_text


def context(dataset: Dataset, found: Surroundings) -> dict[str, Any]:
    """Context of pages/_themes.html and pages/_neighbours.html."""
    return {
        "touching": [_theme(dataset, theme) for theme in found.themes if theme.state == TOUCHES],
        "pending": [
            {"title": theme.dataset.title_plural, "hits": [_hit(dataset, hit) for hit in theme.pending]}
            for theme in found.themes
            if theme.pending
        ],
        "none_pending": [
            theme.dataset.title_plural
            for theme in found.themes
            if theme.dataset.theme.pending and not theme.pending and theme.state != NO_DATA
        ],
        "apart": [theme.dataset.title_plural for theme in found.themes if theme.state == APART],
        "without_data": [theme.dataset.title_plural for theme in found.themes if theme.state == NO_DATA],
        "has_themes": bool(found.themes),
        "failed": [dataset.title_plural for dataset in found.failed],
        "reach_km": REACH_KM,
        "ground": [
            _named(hit) | {"dataset": hit.dataset.title, "share": "" if hit.share is None else share_text(hit.share)}
            for hit in found.ground
        ],
        "neighbours": sorted((_named(hit) for hit in found.neighbours), key=lambda one: order_key(one["title"])),
        "more_neighbours": found.more_neighbours,
    }


def _theme(dataset: Dataset, theme: ThemeHits) -> dict[str, Any]:
    return {"title": theme.dataset.title_plural, "hits": [_hit(dataset, hit) for hit in theme.hits]}


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
        if field.codes and (meaning := codelists.meaning(field.codes, row[field.name]))
    ]
