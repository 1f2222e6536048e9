"""Two datasets that only the tests declare, as docs/declaring-a-dataset.md says: survey marks and road centre lines."""

from django.contrib.gis.db import models

from landgis.catalog import geometry_kinds
from landgis.catalog.dataset import LINE, POINT, Dataset, Field, Licence, Map, Style, Theme, Tiles
from landgis.catalog.models import InForce, WithLine, WithPoint, line_index, point_index, required
from landgis.changes.models import Proposed

MARK_COLOUR, ROAD_COLOUR = "#ff00aa", "#00ffcc"


class MarkFields(WithPoint):
    mark_code = models.CharField("mark code", max_length=40, null=True)
    name = models.CharField("name", max_length=200, null=True)
    height_m = models.DecimalField("height", max_digits=8, decimal_places=3, null=True)

    class Meta:
        abstract = True


class Mark(MarkFields, InForce):
    class Meta(InForce.Meta):
        abstract = False
        app_label = "catalog"
        db_table = "test_mark"
        constraints = [*InForce.Meta.constraints, required("mark_required", "mark_code", "point", "legal_srid")]
        indexes = [*InForce.Meta.indexes, point_index("mark_point")]


class MarkItem(MarkFields, Proposed):
    class Meta(Proposed.Meta):
        abstract = False
        app_label = "catalog"
        db_table = "test_mark_item"


class SurveyMarks(Dataset):
    name = "survey-marks"
    path = "marks"
    title = "Survey mark"
    title_plural = "Survey marks"
    counted = "marks"
    description = "Marks of the survey with their heights"
    in_force = Mark
    proposed = MarkItem
    identity = ("mark_code",)
    title_field = "name"
    geometry_kind = geometry_kinds.POINT
    map = Map(MARK_COLOUR, Style(POINT), Tiles(minzoom=6))
    licence = Licence("Open data of the tests")
    fields = (
        Field("mark_code", required=True, searched=True, in_list=True, tile_from=10, source_names=("CODE",)),
        Field("name", in_list=True, tile_from=10, source_names=("NAME",)),
        Field("height_m", unit="m", in_list=True, filters=True, source_names=("HEIGHT",)),
    )


class RoadFields(WithLine):
    road_code = models.CharField("road code", max_length=40, null=True)
    name = models.CharField("name", max_length=200, null=True)
    width_m = models.DecimalField("width", max_digits=6, decimal_places=2, null=True)

    class Meta:
        abstract = True


class Road(RoadFields, InForce):
    class Meta(InForce.Meta):
        abstract = False
        app_label = "catalog"
        db_table = "test_road"
        constraints = [
            *InForce.Meta.constraints,
            required("road_required", "road_code", "line", "length_m", "legal_srid"),
        ]
        indexes = [*InForce.Meta.indexes, line_index("road_line")]


class RoadItem(RoadFields, Proposed):
    class Meta(Proposed.Meta):
        abstract = False
        app_label = "catalog"
        db_table = "test_road_item"


class RoadLines(Dataset):
    name = "road-lines"
    path = "roads"
    title = "Road"
    title_plural = "Roads"
    counted = "roads"
    description = "Centre lines of roads"
    in_force = Road
    proposed = RoadItem
    identity = ("road_code",)
    title_field = "name"
    geometry_kind = geometry_kinds.LINE
    map = Map(ROAD_COLOUR, Style(LINE), Tiles(minzoom=6))
    theme = Theme(("width_m",))
    licence = Licence("Open data of the tests")
    fields = (
        Field("road_code", required=True, searched=True, in_list=True, tile_from=10, source_names=("CODE",)),
        Field("name", in_list=True, groups=True, tile_from=10, source_names=("NAME",)),
        Field("width_m", unit="m", in_list=True, source_names=("WIDTH",)),
    )
