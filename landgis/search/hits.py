"""What is shown of a hit: features as they are published at the moment of the question."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from psycopg import sql

from landgis.catalog import contributions, published, registry
from landgis.catalog.addresses import feature_address
from landgis.catalog.dataset import Dataset
from landgis.catalog.details import detail_text, is_date
from landgis.catalog.queries import fetch
from landgis.lib.order import order_key

SURE = ("ref", "title", "number", "code", "address")  # ways of matching after which the best hit stays the first


@dataclass(frozen=True)
class Hit:
    """Something that was found: a public feature, or without `dataset` a place on the map or a list.

    `kind` says what it is, `match` by which way it was found (see `queries.WAYS` and the readers), `note` what else
    has to be said of it, `read_as` which words of the question were read as which others, `begun` the end of the question and what it is
    only the beginning of; a title that `is_as_given` is in the office's language. `details` are the pieces of `detail`, each with whether
    it is in that language too. Other texts are in the active language, places are in degrees (EPSG:4326) or None.
    """

    title: str
    kind: str
    url: str
    match: str
    dataset: Dataset | None = None
    ref: str = ""
    detail: str = ""
    details: Sequence[tuple[str, bool]] = ()
    note: str = ""
    read_as: tuple[str, str] = ("", "")
    begun: tuple[str, str] = ("", "")
    is_made_up: bool = False
    is_as_given: bool = False
    centre: tuple[float, float] | None = None
    box: tuple[float, float, float, float] | None = None

    @property
    def id(self) -> str:
        return f"{self.dataset.name}/{self.ref}" if self.dataset else self.url


@dataclass(frozen=True)
class Found:
    """Which feature was found and by which way.

    One that is not `is_usual` is a former one; one not `in_a_row` has the words of the question here and there.
    """

    dataset: str
    ref: str
    match: str
    is_usual: bool = True
    in_a_row: bool = True
    read_as: tuple[str, str] = ("", "")
    begun: tuple[str, str] = ("", "")


def hits_of(found: Sequence[Found]) -> list[Hit]:
    """The hits as their features are published now, in this order; what is no longer public is left out."""
    refs: dict[str, list[str]] = {}
    for one in found:
        refs.setdefault(one.dataset, []).append(one.ref)
    rows, _failed = contributions.together(
        [registry.get(name) for name in refs], lambda datasets: _rows(datasets, refs), "search"
    )
    published_now = {(row["dataset"], row["ref"]): row for row in rows}
    return _without_twins((one, published_now.get((one.dataset, one.ref))) for one in found)


def _rows(datasets: Sequence[Dataset], refs: Mapping[str, list[str]]) -> list[dict[str, Any]]:
    parts = [_row_sql(dataset) for dataset in datasets]
    return fetch(sql.SQL(" UNION ALL ").join(parts), [refs[dataset.name] for dataset in datasets]) if parts else []


def _without_twins(rows: Iterable[tuple[Found, dict[str, Any] | None]]) -> list[Hit]:
    """Former rows that differ in nothing but their dates are one thing to a reader: the latest stands for all."""
    hits: list[Hit] = []
    twins: dict[tuple[Any, ...], int] = {}
    for one, row in rows:
        if row is None:
            continue
        hit, twin = _hit(row, one.match)
        hit = replace(hit, read_as=one.read_as, begun=one.begun)
        if one.is_usual:
            hits.append(hit)
        elif twin not in twins:
            twins[twin] = len(hits)
            hits.append(hit)
        elif order_key(hit.ref) > order_key(hits[twins[twin]].ref):
            hits[twins[twin]] = hit
    return hits


def _row_sql(dataset: Dataset) -> sql.Composable:
    named_by = [dataset.title_field, *dataset.made_title.fields, *dataset.numbers.fields, *dataset.optional_identity]
    names = dict.fromkeys([*named_by, *dataset.search.codes, *dataset.detail_fields])
    shape = sql.Identifier(dataset.geometry) if dataset.geometry else sql.SQL("NULL::geometry")
    place = dataset.geometry_kind.place_of(shape)
    return sql.SQL(
        "SELECT {name} AS dataset, ref, is_made_up, jsonb_build_object({values}) AS values,"
        " ST_X({place}) AS lon, ST_Y({place}) AS lat,"
        " ST_XMin({shape}) AS west, ST_YMin({shape}) AS south, ST_XMax({shape}) AS east, ST_YMax({shape}) AS north"
        " FROM {view} WHERE until_revision IS NULL AND ref = ANY(%s::text[])"
    ).format(
        name=sql.Literal(dataset.name),
        values=sql.SQL(", ").join(
            sql.SQL("{}::text, {}").format(sql.Literal(name), sql.Identifier(name)) for name in names
        ),
        shape=shape,
        place=place,
        view=published.view(dataset),
    )


def _hit(row: dict[str, Any], way: str) -> tuple[Hit, tuple[Any, ...]]:
    """The hit, and what it has in common with another that differs in its dates only."""
    dataset, values = registry.get(row["dataset"]), row["values"]
    named = {**values, "ref": row["ref"]}
    title = dataset.title_of(named)
    is_made = bool(dataset.made_title.of(named))  # the office's own is among what was looked for, and told beside it
    shown = (*([dataset.title_field] if is_made else ()), *dataset.detail_fields)
    details = {name: detail_text(dataset, name, values[name]) for name in shown}
    # A commune that kept its name is told once.
    told = {text: dataset.is_free_text(name) for name, text in details.items() if text}
    has_place = row["lon"] is not None
    hit = Hit(
        title=title,
        kind=str(dataset.title),
        url=feature_address(dataset.name, row["ref"]) or "",
        match=way,
        dataset=dataset,
        ref=row["ref"],
        detail=" · ".join(told),
        details=list(told.items()),
        is_made_up=bool(row["is_made_up"]),
        is_as_given=dataset.has_own_name(named),
        centre=(row["lon"], row["lat"]) if has_place else None,
        box=(row["west"], row["south"], row["east"], row["north"]) if has_place else None,
    )
    timeless = [text for name, text in details.items() if not is_date(dataset, name)]
    return hit, (dataset.name, title, *timeless)


@dataclass(frozen=True)
class Group:
    """Hits of one kind; where not all of it is shown, how many rows there are and where they are."""

    kind: str
    hits: Sequence[Hit]
    count: str = ""
    url: str = ""


def by_kind(hits: Sequence[Hit]) -> list[Group]:
    """The hits by what they are, each kind in their order: first the best one's, then what has dates that one can miss;
    what has no place on the map, such as prices, last.
    """
    groups: dict[str, list[Hit]] = {}
    for hit in hits:
        groups.setdefault(hit.kind, []).append(hit)

    def rank(kind: str) -> int:
        hit = groups[kind][0]
        if (hit is hits[0] and hit.match in SURE) or hit.dataset is None:
            return 0
        return 1 if hit.dataset.moments else 2 if hit.dataset.geometry else 3

    return [Group(kind, groups[kind]) for kind in sorted(groups, key=rank)]
