"""What an approver sees of a change set of single features: each with what differs, on the ground too, and its issues."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

import shapely
from django.db.models import QuerySet
from django.urls import reverse

from landgis.catalog.dataset import REF, Dataset
from landgis.changes import items
from landgis.changes.models import Action, ChangeSet, State
from landgis.imagery.queries import Mosaic, PublicScene, scenes
from landgis.imagery.sights import SceneSight
from landgis.lib import webmap
from landgis.lib.webmap import Padding, View
from landgis.workbench import change_sets, histories
from landgis.workbench.edit_forms import issue_texts
from landgis.workbench.models import Edit

WIDTH_PX, HEIGHT_PX, RIM_PX = 360, 270, 40
MOST_FIGURES = 12
NEWEST = 2  # scenes that each feature is shown on


def lines(change_set: ChangeSet, dataset: Dataset, said: Mapping[str, str]) -> list[dict[str, Any]]:
    """The features that it changes, in the order in which their author put them in, with what was decided of each."""
    first = items.of(change_set).first(change_sets.MOST_COMPARED, without=[Action.UNCHANGED])
    refs = [item.ref for item in first]
    before = change_sets.in_force_of(dataset).filter(ref__in=refs, until_revision=change_set.revision)
    rows = {row.ref: row for row in before}
    edits = {edit.ref: edit for edit in change_set.edits.all()}
    issues = issue_texts(dataset, change_set.issues.exclude(row=None))
    figures = _figures(dataset, [(rows.get(item.ref), item) for item in first])
    return [
        {
            "item": item,
            "edit": edits.get(item.ref),
            "title": _title(dataset, item),
            "url": reverse("workbench:feature", args=[dataset.name, item.ref]) if REF.fullmatch(item.ref) else "",
            "facts": histories.differing(dataset, rows.get(item.ref), item) if item.action != Action.RETIRE else [],
            "issues": issues.get(item.row, []),
            "figures": figure,
            "is_rejected": said.get(f"decision-{item.row}") == "reject",
            "refusal": said.get(f"refusal-{item.row}", ""),
        }
        for item, figure in zip(first, figures, strict=True)
    ]


def to_mend(change_set: ChangeSet) -> QuerySet[Edit]:
    """Its edits that an approver rejected; all of them where it was rejected or withdrawn as a whole."""
    found = change_set.edits.select_related("refused_by")
    is_whole = change_set.state in (State.REJECTED, State.WITHDRAWN)
    return found if is_whole else found.exclude(refused_by=None)


def _title(dataset: Dataset, item: Any) -> str:
    names = [field.name for field in dataset.stated_fields]
    return dataset.title_of({name: getattr(item, name) for name in (*names, "ref")})


def _figures(dataset: Dataset, pairs: list[tuple[Any, Any]]) -> list[list[dict[str, Any]]]:
    """Of the first features that have a place, those pictures on which it is drawn before and after."""
    if not dataset.geometry:
        return [[] for _pair in pairs]
    newest_first = scenes()
    return [
        list(_of_feature(dataset, before, item, newest_first)) if place < MOST_FIGURES else []
        for place, (before, item) in enumerate(pairs)
    ]


def _of_feature(dataset: Dataset, before: Any, item: Any, known: list[PublicScene]) -> Iterator[dict[str, Any]]:
    after = None if item.action == Action.RETIRE else _shape(dataset, item)
    return pictures(_shape(dataset, before), after, known)


def of_edit(dataset: Dataset, before: Any, after: shapely.Geometry | None) -> list[dict[str, Any]]:
    """The same of what an officer is writing."""
    return list(pictures(_shape(dataset, before), after, scenes())) if after is not None else []


def pictures(
    before: shapely.Geometry | None, after: shapely.Geometry | None, known: list[PublicScene]
) -> Iterator[dict[str, Any]]:
    """Both states over the newest scenes that are seen there; over nothing where there is none."""
    shapes = [before, after]
    there = [shape for shape in shapes if shape is not None]
    if not there:
        return
    view = webmap.fit(
        shapely.total_bounds(there).tolist(), WIDTH_PX, HEIGHT_PX, Padding(RIM_PX, RIM_PX, RIM_PX, RIM_PX)
    )
    drawn = {
        "width": WIDTH_PX,
        "height": HEIGHT_PX,
        "paths": [
            {"side": side, "d": _path(shape, view)}
            for side, shape in zip(("before", "after"), shapes, strict=True)
            if shape is not None
        ],
    }
    seen = [scene for scene in known if SceneSight([scene], view.box_3857).of(Mosaic(scene.name, (scene,)))][:NEWEST]
    for scene in seen:
        query = {"view": view.text, "size": f"{WIDTH_PX}x{HEIGHT_PX}", "layers": "", "scene": scene.name}
        yield drawn | {
            "day": scene.acquired_on,
            "image": f"{reverse('pictures:still', args=['webp'])}?{urlencode(query)}",
        }
    if not seen:
        yield drawn


def _shape(dataset: Dataset, one: Any) -> shapely.Geometry | None:
    stored = getattr(one, str(dataset.geometry), None)
    return shapely.from_wkb(bytes(stored.wkb)) if stored is not None else None


def _path(shape: shapely.Geometry, view: View) -> str:
    """The shape as the path of an SVG over the picture."""
    if shape.geom_type == "Point":
        x, y = view.pixel(*webmap.metres(shape.x, shape.y))
        return f"M{x - 6:.1f} {y:.1f}a6 6 0 1 0 12 0a6 6 0 1 0 -12 0Z"
    rings = shapely.get_parts(shape)
    if "Polygon" in shape.geom_type:
        rings = shapely.get_rings(rings)
    return "".join(_line(ring, view) + ("Z" if "Polygon" in shape.geom_type else "") for ring in rings)


def _line(line: shapely.Geometry, view: View) -> str:
    pixels = [view.pixel(*webmap.metres(x, y)) for x, y in shapely.get_coordinates(line)]
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in pixels)
