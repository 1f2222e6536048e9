"""The splits and merges of a change set for whoever decides on it: what was there and what would be, side by side."""

from collections.abc import Sequence
from typing import Any

import shapely
from django.urls import reverse

from landgis.catalog.dataset import Dataset
from landgis.changes.items import staged
from landgis.changes.models import ChangeSet
from landgis.imagery.queries import scenes
from landgis.workbench import corners, edit_fields, figures, passing


def lines(change_set: ChangeSet, dataset: Dataset) -> list[dict[str, Any]]:
    """Each with its parents and children, their areas, and both on the ground; none before it was handed in once."""
    passages = list(change_set.passages.prefetch_related("descents"))
    drawn = staged(change_set).exclude(**{str(dataset.geometry): None})
    items = {item.ref: item for item in drawn} if passages else {}
    known = scenes() if items else []
    found = []
    for passage in passages:
        descents = passage.descents.all()
        parents, children = (
            [items[ref] for ref in dict.fromkeys(refs) if ref in items]
            for refs in ((one.parent for one in descents), (one.child for one in descents))
        )
        if not parents or not children:
            continue
        found.append(
            {
                "title": f"{passage.get_kind_display()} {str(dataset.title).lower()}",
                "remeasured": passage.remeasured,
                "sides": [_side(dataset, parents), _side(dataset, children)],
                "figures": figures.of_states(_ground(parents), _outlines(children), known),
            }
        )
    return found


def _side(dataset: Dataset, items: Sequence[Any]) -> dict[str, Any]:
    legal, measure = dataset.legal_area, dataset.geometry_kind.measure
    return {
        "members": [
            {
                "ref": item.ref,
                "url": reverse("workbench:history", args=[dataset.name, item.ref]),
                "legal": _area(getattr(item, legal)) if legal else "",
                "computed": corners.size_text(dataset, getattr(item, measure.column)) if measure else "",
            }
            for item in items
        ],
        "legal": _sum([getattr(item, legal) for item in items]) if legal else "",
        "computed": _sum([getattr(item, measure.column) for item in items]) if measure else "",
    }


def _area(value: Any) -> str:
    return "–" if value is None else edit_fields.square_metres(float(value))


def _sum(values: Sequence[Any]) -> str:
    return "–" if None in values else _area(sum(float(one) for one in values))


def _ground(items: Sequence[Any]) -> shapely.Geometry:
    return shapely.union_all([passing.size_of(item) for item in items])


def _outlines(items: Sequence[Any]) -> shapely.Geometry:
    shapes = [passing.size_of(item) for item in items]
    return shapely.multilinestrings([ring for shape in shapes for ring in shapely.get_rings(shapely.get_parts(shape))])
