"""The kinds of geometry that a dataset may have: areas, lines, points, or none.

A kind knows its columns, the form that is stored, what is measured of it and in what words, where a label stands, and
how small features are drawn. Whoever reads or shows features asks the kind of their dataset, and never for
`area_m2` by name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import LiteralString

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from psycopg import sql

from landgis.catalog.codelists import Label
from landgis.lib import canonical_forms
from landgis.lib.canonical_forms import CanonicalForm

LEGAL_SRID = "legal_srid"


@dataclass(frozen=True)
class Measure:
    """What is computed of a geometry, in its legal coordinate system, when it comes in.

    `total` is what a sum of it is called by programs, `label` and `total_label` what people call one and a sum. From
    `larger_from` on they read it in the larger unit.
    """

    column: str
    unit: str
    total: str
    label: Label
    total_label: Label
    description: Label
    larger_from: float
    larger_unit: str
    size: LiteralString  # of a shape in the plane of its coordinates: for shares, not for metres


@dataclass(frozen=True, repr=False)
class GeometryKind:
    """One kind of geometry; `column` is that of the model, empty where features have no place.

    `styles` are the kinds of style in which it may be drawn. `place` is SQL of a point on a shape in degrees: the one
    that every exit names, labels and goes to (the middle of a box may be somebody else's land), `place_label` what it
    is called; an index may hold it where `place_is_indexed`. What is too small to be seen is drawn as a point where the kind `shrinks_to_point`, else drawn out. Features
    of one dataset are neighbours up to `neighbour_m` metres. One that `covers` has features lying in it, with shares.
    """

    name: str
    label: Label
    column: str = ""
    form: CanonicalForm | None = None
    measure: Measure | None = None
    styles: Sequence[str] = ()
    place: LiteralString = "NULL::geometry"
    place_label: Label = ""
    place_is_indexed: bool = True
    shrinks_to_point: bool = True
    neighbour_m: float = 0.0
    covers: bool = False

    def __repr__(self) -> str:
        return self.name.upper()

    @property
    def computed(self) -> list[str]:
        """The columns that follow from the geometry: its measure, and the coordinate system it was made in."""
        if not self.column:
            return []
        return [*([self.measure.column] if self.measure else []), LEGAL_SRID]

    @property
    def columns(self) -> list[str]:
        """The columns that every model of this kind has: the geometry and what is computed of it."""
        return [self.column, *self.computed] if self.column else []

    def place_of(self, shape: sql.Composable) -> sql.Composable:
        return sql.SQL(self.place).format(shape=shape)

    def small(self, shape: sql.Composable, place: sql.Composable, smallest: float) -> sql.Composable:
        """SQL of what stands for a shape that is smaller than so many units in both directions; `place` is on it."""
        if self.shrinks_to_point:
            return place
        drawn_out = sql.SQL("{smallest} / greatest({extent}, 1e-9)").format(
            smallest=sql.Literal(smallest), extent=extent_of(shape)
        )
        return sql.SQL(
            "ST_Scale({shape}, ST_MakePoint({by}, {by}), ST_Centroid(ST_Envelope({shape})))"  # as it runs
        ).format(shape=shape, by=drawn_out)

    def share_of(self, other: "GeometryKind", theirs: sql.Composable, own: sql.Composable) -> sql.Composable:
        """SQL of the share of `own`, of this kind, that lies in the other's shape; NULL where nothing is shared."""
        if self.measure is None or not other.covers:
            return sql.SQL("NULL::float")
        # Cutting is dear: what lies in it whole is not cut.
        return sql.SQL(
            "(CASE WHEN ST_Covers({own}, {theirs}) THEN {whole} ELSE {common} END / nullif({size}, 0))"
        ).format(
            own=own,
            theirs=theirs,
            whole=self.size_of(theirs),
            common=self.size_of(sql.SQL("ST_Intersection({}, {})").format(theirs, own)),
            size=self.size_of(own),
        )

    def distance_of(self, theirs: sql.Composable, own: sql.Composable) -> sql.Composable:
        """SQL of the metres between neighbours; NULL for those that touch."""
        if self.measure is not None:
            return sql.SQL("NULL::float")
        return sql.SQL("ST_Distance({}::geography, {}::geography)").format(theirs, own)

    def size_of(self, shape: sql.Composable) -> sql.Composable:
        """SQL of how large a shape is, to be compared with others of the kind."""
        return sql.SQL(self.measure.size).format(shape=shape) if self.measure else sql.SQL("0::float")


def extent_of(shape: sql.Composable) -> sql.Composable:
    """SQL of the longer side of the box round a shape."""
    return sql.SQL("greatest(ST_XMax({0}) - ST_XMin({0}), ST_YMax({0}) - ST_YMin({0}))").format(shape)


AREA = GeometryKind(
    name="area",
    label=pgettext_lazy("kind of geometry", "area"),  # in Vietnamese another word than that of a size
    column="boundary",
    form=canonical_forms.AREA,
    measure=Measure(
        column="area_m2",
        unit="m²",
        total="area",
        label=_("Area"),
        total_label=_("total area"),
        description=_("Computed from the boundary in EPSG:%(srid)s."),
        larger_from=10_000.0,
        larger_unit="ha",
        size="ST_Area({shape})",
    ),
    styles=("area", "outline", "boundary", "mesh"),
    place="ST_PointOnSurface({shape})",
    place_label=_("Point inside the boundary"),
    neighbour_m=0.5,
    covers=True,
)
LINE = GeometryKind(
    name="line",
    label=_("line"),
    column="line",
    form=canonical_forms.LINE,
    measure=Measure(
        column="length_m",
        unit="m",
        total="length",
        label=_("Length"),
        total_label=_("total length"),
        description=_("Computed from the line in EPSG:%(srid)s."),
        larger_from=1_000.0,
        larger_unit="km",
        size="ST_Length({shape})",
    ),
    styles=("line",),
    # The middle of the longest part: the line itself runs there.
    place=(
        "(SELECT ST_LineInterpolatePoint(part.geom, 0.5) FROM ST_Dump({shape}) part"
        " ORDER BY ST_Length(part.geom) DESC, part.path LIMIT 1)"
    ),
    place_label=_("Point on the line"),
    place_is_indexed=False,  # it is found by a question
    shrinks_to_point=False,
    neighbour_m=0.5,
)
POINT = GeometryKind(
    name="point",
    label=_("point"),
    column="point",
    form=canonical_forms.POINT,
    styles=("point",),
    place="{shape}",
    place_label=_("Position"),
    neighbour_m=200.0,
)
NONE = GeometryKind(name="none", label=_("no geometry"))
