"""What touches a feature: rules of the themes, neighbours, what other datasets know of the same ground.

One query on the published views. Shares, of areas and of lines that lie in areas, are those of the plane of degrees, which
over the width of a plot are those of the ground; sizes are the share of what was measured in the legal coordinate system.
Points have no share; their neighbours are told with the distance.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from psycopg import sql

from landgis.catalog import contributions, exits, published, registry
from landgis.catalog.dataset import BOUNDARY, Dataset
from landgis.catalog.geometry_kinds import AREA
from landgis.catalog.queries import body_of, fetch
from landgis.lib.filters import ALL, Filter
from landgis.lib.order import NATURAL, order_key

LEAST_OVERLAP_M2 = 0.1  # areas are given to this; less is the width of a line
DEGREES_PER_METRE = 0.00002  # more than a metre, for the index
REACH_DEGREES = 0.02  # some 2 km: a theme that has nothing so near has no data here
REACH_KM = 2
MOST_NEIGHBOURS = 12
MOST_OF_ONE_GROUND = 6

TOUCHES, APART, NO_DATA = "touches", "apart", "no-data"


@dataclass(frozen=True)
class SurroundingFeature:
    """A public feature that touches another.

    `share` is that of the other (0 to 1) and `size` the same in m² or m; None where neither has a meaning. A neighbour
    that does not touch has its distance in metres.
    """

    dataset: Dataset
    ref: str
    values: dict[str, Any]
    share: float | None
    size: float | None
    distance_m: float | None = None

    @property
    def title(self) -> str:
        return self.dataset.title_of({"ref": self.ref, **self.values})

    @property
    def is_as_given(self) -> bool:
        """Whether the title is in the office's own words."""
        return self.dataset.has_own_name({"ref": self.ref, **self.values})


@dataclass
class ThemeHits:
    """What a theme says of a feature: it touches it, it does not, or the theme has no data here.

    The state is that of what is in force.
    """

    dataset: Dataset
    state: str = NO_DATA
    hits: list[SurroundingFeature] = field(default_factory=list)
    pending: list[SurroundingFeature] = field(default_factory=list)  # what is announced and not in force yet


@dataclass
class Surroundings:
    themes: list[ThemeHits]
    ground: list[SurroundingFeature]  # of other datasets that are no themes, those that cover most of it first
    neighbours: list[SurroundingFeature]
    more_neighbours: bool = False
    failed: list[Dataset] = field(default_factory=list)  # of the others, those that could not be asked


def surroundings(dataset: Dataset, ref: str) -> Surroundings:
    """Of one public feature in force that has a boundary; empty for others."""
    themes = [one for one in _with_areas() if one.theme.fields and one is not dataset]
    ground = [one for one in _with_areas() if lies_on_ground(one) and one is not dataset]

    def ask(others: Sequence[Dataset]) -> list[dict[str, Any]]:
        asked = [[one for one in some if one in others] for some in (themes, ground)]
        return fetch(_query(dataset, *asked), [ref])

    every, failed = contributions.together([*themes, *ground], ask, "surroundings")
    found = list({(row["part"], row["dataset"], row["ref"]): row for row in every}.values())
    told = {theme.name: ThemeHits(theme) for theme in themes if theme not in failed}
    for row in found:
        if row["part"] == "theme":
            theme = told[row["dataset"]]
            if row["ref"] and _is_felt(row):
                _add(theme, _hit(row))
            if row["has_data"] and theme.state == NO_DATA:
                theme.state = APART
    for theme in told.values():
        theme.hits.sort(key=lambda hit: -(hit.share or 0))
        theme.pending.sort(key=lambda hit: -(hit.share or 0))
    rows = (row for row in found if row["part"] == "neighbour")
    neighbours = sorted(map(_hit, rows), key=lambda hit: (hit.distance_m or 0, order_key(hit.ref)))
    return Surroundings(
        themes=list(told.values()),
        ground=list(_ground(found)),
        neighbours=neighbours[:MOST_NEIGHBOURS],
        more_neighbours=len(neighbours) > MOST_NEIGHBOURS,
        failed=failed,
    )


def _is_felt(row: dict[str, Any]) -> bool:
    """Whether it is more than a shared line; of a line or a point each touch counts."""
    return row["least"] is None or row["size"] is None or row["size"] >= row["least"]


def _add(theme: ThemeHits, hit: SurroundingFeature) -> None:
    if theme.dataset.is_pending(hit.values):
        theme.pending.append(hit)
    else:
        theme.state = TOUCHES
        theme.hits.append(hit)


def _with_areas() -> list[Dataset]:
    return [one for one in exits.datasets("pages") if one.geometry]


def lies_on_ground(dataset: Dataset) -> bool:
    """Whether its features are pieces of land; boundaries of units enclose everything."""
    return not dataset.theme.fields and exits.is_open(dataset, "tiles") and dataset.map.style.kind != BOUNDARY


def _ground(found: Sequence[dict[str, Any]]) -> Iterator[SurroundingFeature]:
    counts: dict[str, int] = {}
    rows = [row for row in found if row["part"] == "ground" and _is_felt(row)]
    for row in sorted(rows, key=lambda row: (row["dataset"], -(row["share"] or 0), order_key(row["ref"]))):
        counts[row["dataset"]] = counts.get(row["dataset"], 0) + 1
        if counts[row["dataset"]] <= MOST_OF_ONE_GROUND:
            yield _hit(row)


def _hit(row: dict[str, Any]) -> SurroundingFeature:
    dataset = registry.get(row["dataset"])
    return SurroundingFeature(dataset, row["ref"], row["values"], row["share"], row["size"], row["distance_m"])


def _query(dataset: Dataset, themes: list[Dataset], ground: list[Dataset]) -> sql.Composed:
    """One line for each feature that touches; of a theme that does not touch, one line without a ref."""
    own = sql.SQL(
        "WITH own AS MATERIALIZED (SELECT ref, {shape} AS shape, {size} AS size FROM {view}"
        " WHERE ref = %s AND until_revision IS NULL AND {shape} IS NOT NULL) "
    ).format(
        shape=sql.Identifier(str(dataset.geometry)),
        size=sql.Identifier(dataset.geometry_kind.measure.column)
        if dataset.geometry_kind.measure
        else sql.SQL("NULL::float"),
        view=published.view(dataset),
    )
    parts = [_theme(dataset, one) for one in themes] + [_ground_under(dataset, one) for one in ground]
    return own + sql.SQL(" UNION ALL ").join([*parts, _neighbours(dataset)])


def _theme(own: Dataset, dataset: Dataset) -> sql.Composed:
    """Everything of it that touches, and once whether it has anything near."""
    return sql.SQL(
        "SELECT 'theme' AS part, {name} AS dataset, hit.ref, hit.values, hit.share, hit.share * near.size AS size,"
        " {least} AS least, NULL::float AS distance_m, near.has_data FROM (SELECT own.*, EXISTS (SELECT FROM {view} v"
        " WHERE v.until_revision IS NULL AND v.{shape} && ST_Expand(own.shape, {reach})) AS has_data FROM own OFFSET 0)"
        " near LEFT JOIN LATERAL ({touching}) hit ON true"
    ).format(
        name=sql.Literal(dataset.name),
        least=_least(own, dataset),
        view=published.view(dataset),
        shape=sql.Identifier(str(dataset.geometry)),
        reach=sql.Literal(REACH_DEGREES),
        touching=_touching(own, dataset, sql.Identifier("near", "shape")),
    )


def _ground_under(own: Dataset, dataset: Dataset) -> sql.Composed:
    """What covers most of it: in a ward lie thousands of parcels."""
    return sql.SQL(
        "SELECT 'ground' AS part, {name} AS dataset, hit.ref, hit.values, hit.share, hit.share * own.size AS size,"
        " {least} AS least, NULL::float AS distance_m, true AS has_data FROM own JOIN LATERAL"
        " ({touching} ORDER BY share DESC NULLS LAST, v.ref COLLATE {natural} LIMIT {most}) hit ON true"
    ).format(
        name=sql.Literal(dataset.name),
        least=_least(own, dataset),
        touching=_touching(own, dataset, sql.Identifier("own", "shape")),
        natural=sql.Identifier(NATURAL),
        most=sql.Literal(MOST_OF_ONE_GROUND),
    )


def _least(own: Dataset, dataset: Dataset) -> sql.Composed:
    """The size from which an overlap is felt."""
    both_areas = (own.geometry_kind, dataset.geometry_kind) == (AREA, AREA)
    return sql.SQL("{}::float").format(sql.Literal(LEAST_OVERLAP_M2 if both_areas else None))


def _touching(own: Dataset, dataset: Dataset, shape: sql.Composable) -> sql.Composed:
    """SELECT of the features in force that touch a shape of the dataset `own`."""
    theirs = sql.Identifier("v", str(dataset.geometry))
    return sql.SQL(
        "SELECT v.ref, {values} AS values, {share} AS share FROM {view} v"
        " WHERE v.until_revision IS NULL AND {theirs} && {shape} AND ST_Intersects({theirs}, {shape})"
    ).format(
        values=_values(dataset),
        share=own.geometry_kind.share_of(dataset.geometry_kind, theirs, shape),
        view=published.view(dataset),
        theirs=theirs,
        shape=shape,
    )


def _neighbours(dataset: Dataset) -> sql.Composed:
    kind = dataset.geometry_kind
    return sql.SQL(
        "SELECT 'neighbour' AS part, {name} AS dataset, v.ref, {values} AS values, NULL::float AS share, NULL::float AS size,"
        " NULL::float AS least, {distance} AS distance_m, true AS has_data FROM own, {view} v WHERE v.until_revision IS NULL"
        " AND v.ref <> own.ref AND v.{shape} && ST_Expand(own.shape, {near})"
        " AND ST_DWithin(v.{shape}::geography, own.shape::geography, {metres})"
    ).format(
        name=sql.Literal(dataset.name),
        values=_values(dataset),
        view=published.view(dataset),
        shape=sql.Identifier(str(dataset.geometry)),
        near=sql.Literal(kind.neighbour_m * DEGREES_PER_METRE),
        metres=sql.Literal(kind.neighbour_m),
        distance=kind.distance_of(sql.Identifier("v", kind.column), sql.Identifier("own", "shape")),
    )


def _values(dataset: Dataset) -> sql.Composed:
    """The fields that name a feature, and those that a theme says of itself."""
    named = [
        dataset.title_field,
        *dataset.made_title.fields,
        *dataset.numbers.fields,
        *dataset.search.codes,
        *dataset.detail_fields,
    ]
    pending = [dataset.theme.pending[0]] if dataset.theme.pending else []
    names = dict.fromkeys([*named, *dataset.theme.fields, *pending])
    return sql.SQL("jsonb_build_object({})").format(
        sql.SQL(", ").join(sql.SQL("{}::text, v.{}").format(sql.Literal(name), sql.Identifier(name)) for name in names)
    )


@dataclass(frozen=True)
class Cover:
    """How far the rows of a list are covered by features of another dataset. Areas in m², computed ones."""

    rows: int
    area_m2: float
    covered_m2: float
    whole: int
    partly: int
    none: int


WHOLE, NONE = 0.95, 0.05  # of an area, from and to which it counts as covered wholly or not at all


def cover(dataset: Dataset, other: Dataset, where: Filter, *, as_of: int | None = None) -> Cover:
    """The rows of `dataset` that a filter leaves against the features of `other` that were in force with them.

    Looks at every boundary: what takes longer than the public's role may ask raises OperationalError.
    """
    body, bound = body_of(dataset, where, as_of)
    against, against_bound = body_of(other, ALL, as_of)
    query = sql.SQL(
        "WITH own AS MATERIALIZED (SELECT {shape} AS shape, area_m2 {body}), met AS (SELECT own.area_m2,"
        " least(coalesce((SELECT sum(ST_Area(ST_Intersection({theirs}, own.shape))) {against}"
        " AND {theirs} && own.shape AND ST_Intersects({theirs}, own.shape)), 0)"
        " / nullif(ST_Area(own.shape), 0), 1) AS share FROM own)"
        " SELECT count(*) AS rows, coalesce(sum(area_m2), 0) AS area_m2, coalesce(sum(area_m2 * share), 0) AS covered_m2,"
        " count(*) FILTER (WHERE share >= {whole}) AS whole,"
        " count(*) FILTER (WHERE share > {none} AND share < {whole}) AS partly,"
        " count(*) FILTER (WHERE share <= {none}) AS none FROM met"
    ).format(
        shape=sql.Identifier(str(dataset.geometry)),
        theirs=sql.Identifier(other.relation, str(other.geometry)),
        against=against,
        body=body,
        whole=sql.Literal(WHOLE),
        none=sql.Literal(NONE),
    )
    return Cover(**fetch(query, [*bound, *against_bound])[0])
