"""The map beside a list: of its rows, or of the features that stand for them on maps."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, QueryDict

from landgis.catalog import maplibre, memory, office, queries, registry
from landgis.catalog.dataset import BOUNDARY, Dataset
from landgis.catalog.exits import datasets, is_open
from landgis.catalog.filters import from_query, parameters
from landgis.catalog.queries import NamedGround
from landgis.lib.filters import And, OneOf
from landgis.pages import maps, opengraph
from landgis.pages.maps import MapFrame
from landgis.pages.stills import BESIDE_A_LIST, stills

FINE = 100_000  # parts of a degree, some metre, in which scripts are told where rows lie
ROUGH = 10  # of these parts, in which they are told how large rows are


@dataclass(frozen=True)
class ListMap:
    """What the map of a list draws: features of `dataset`, each of which names a row of the list in its column `by`.

    `query` and `where` choose them; `grounds` is where the rows lie that the page shows, by their ref.
    """

    dataset: Dataset
    by: str
    query: QueryDict
    where: And
    frame: MapFrame
    grounds: dict[str, NamedGround] = field(default_factory=dict)

    @property
    def of_others(self) -> bool:
        return self.by != "ref"


def list_map(
    dataset: Dataset, query: QueryDict, where: And, as_of: int | None, refs: Sequence[str], *, is_whole: bool
) -> ListMap | None:
    """The map of a list with this filter, whose page shows `refs`; None where there is none.

    What stands for the rows is drawn of all where `is_whole`: where they are the whole dataset as it is now. Else of those on the page.
    """
    drawn, by = dataset, "ref"
    if dataset.map.drawn_with and not is_open(dataset, "tiles"):
        name, by = dataset.map.drawn_with
        drawn, query = registry.get(name), _naming(by, () if is_whole else refs, as_of)
        where = from_query(drawn, query, as_of=as_of)
    if not is_open(drawn, "tiles") or (drawn is not dataset and not refs):
        return None
    is_usual = where == from_query(drawn, {}) and as_of is None
    frame = _usual_frame(drawn) if is_usual else maps.frame_of(drawn, where, as_of)
    shown = queries.named_ground(drawn, by, And((*where.parts, OneOf(by, tuple(refs)))), as_of=as_of) if refs else []
    return ListMap(drawn, by, query, where, frame, {one.name: one for one in shown})


def _naming(by: str, refs: Sequence[str], as_of: int | None) -> QueryDict:
    query = QueryDict(mutable=True)
    query.setlist(by, list(refs))
    if as_of is not None:
        query["as_of"] = str(as_of)
    return query


def _usual_frame(dataset: Dataset) -> MapFrame:
    """Round nearly everything; a far island does not make the rest a speck."""

    def read(one: Dataset) -> MapFrame:
        box = queries.extent(one, share=maps.NEARLY_ALL)
        has_far = bool(office.current().insets) and maps.frame_of(one, from_query(one, {}), None).has_far
        return MapFrame(maps.widened(box), has_far)

    return memory.of_each("list frame", [dataset], read)(dataset)


def context(
    request: HttpRequest,
    dataset: Dataset,
    found: ListMap | None,
    query: QueryDict,
    refs: Sequence[str],
    as_of: int | None,
    *,
    made_up: bool,
) -> dict[str, Any]:
    """What the page, and those who share it, show of the map."""
    about = {"title": str(dataset.title_plural), "text": str(dataset.description)}
    scene, shown = request.GET.get("scene"), found or ListMap(dataset, "ref", query, And(()), MapFrame(None))
    box = shown.frame.box
    asked = shown.query.copy()
    if shown.of_others:
        asked["named"] = dataset.name
    drawn = [shown.dataset, *_round(shown)]
    config = maps.config(
        drawn,
        bounds=box,
        query=shown.query.urlencode(),
        as_of=as_of,
        made_up=made_up,
        has_far=shown.frame.has_far,
    )
    return {
        "og": opengraph.of_map(request, drawn, box, asked, **about),
        "stills": stills(drawn, box, BESIDE_A_LIST, asked, scene=scene, lead=_lead(shown)),
        "map_config": config and {**config, "rows": _rows(shown, refs)},
    }


def _lead(shown: ListMap) -> Dataset | None:
    """Whose pills are whole on the picture. Room is made for those of now only: a past state may have others."""
    return shown.dataset if shown.dataset.map.tiles.cluster_zooms and "as_of" not in shown.query else None


def _round(shown: ListMap) -> list[Dataset]:
    """The units whose names say where the rows lie; not where the filter is one of theirs, too."""
    units = [one for one in datasets("tiles") if one.map.style.kind == BOUNDARY and one is not shown.dataset]
    return [one for one in units if not {*shown.query} & {known.name for known in parameters(one)}]


def _rows(shown: ListMap, refs: Sequence[str]) -> dict[str, Any]:
    """Where the rows of the page lie, in their order, in whole parts of a degree.

    Of each how far its place is east and north of that of the one before, and how long its longer side is, in ten of these. Where others stand
    for the rows: the same of the lower corner of the box, how wide and high that is, and where in it the place lies. What lies nowhere is -1 long.
    """
    told: list[int] = []
    last = (0, 0)
    for ref in refs:
        ground = shown.grounds.get(ref)
        if ground is None:
            told += [0, 0, -1, 0, 0, 0] if shown.of_others else [0, 0, -1]
            continue
        west, south, east, north = (round(side * FINE) for side in ground.box)
        lon, lat = (round(side * FINE) for side in ground.place)
        at = (west, south) if shown.of_others else (lon, lat)
        told += [at[0] - last[0], at[1] - last[1]]
        told += (
            [east - west, north - south, lon - west, lat - south]
            if shown.of_others
            else [round(max(east - west, north - south) / ROUGH)]
        )
        last = at
    names = {"by": shown.by, "look": maplibre.holder_look()} if shown.of_others else {}
    return {"at": told, **names}
