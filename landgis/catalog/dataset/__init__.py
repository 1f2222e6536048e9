"""What a dataset declares. Everything else is derived from here.

A dataset is an ordinary class with attributes; an app registers one instance of it (see `registry`).
Labels, types and code lists are not repeated here: they are those of the model's fields.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from landgis.catalog import codelists, geometry_kinds
from landgis.catalog.codelists import Label
from landgis.catalog.dataset.attributes import (
    AREA,
    BOUNDARY,
    CLOSED,
    LINE,
    MESH,
    NEVER,
    OFFICER,
    OUTLINE,
    POINT,
    PUBLIC,
    Exits,
    Field,
    Licence,
    Map,
    NumberFields,
    Part,
    Parts,
    Place,
    Search,
    Style,
    Theme,
    Tiles,
)
from landgis.catalog.dataset.list_attributes import Beside, Lists, Lookup, Spoken
from landgis.catalog.dataset.meanings import COMMON, Meaning, ScaleFields
from landgis.catalog.dataset.state import StateByClock, Turn
from landgis.catalog.dataset.told import Fact, MadeTitle, Moment
from landgis.catalog.dataset.units import LiesIn, Units
from landgis.catalog.geometry_kinds import GeometryKind
from landgis.catalog.models import Location

__all__ = [
    "AREA",
    "BOUNDARY",
    "CLOSED",
    "LINE",
    "MESH",
    "NEVER",
    "NUMBERS",
    "OFFICER",
    "OUTLINE",
    "POINT",
    "PUBLIC",
    "Beside",
    "Dataset",
    "Exits",
    "Fact",
    "Field",
    "Licence",
    "LiesIn",
    "Lists",
    "Lookup",
    "Map",
    "Meaning",
    "Moment",
    "NumberFields",
    "Part",
    "Parts",
    "Place",
    "ScaleFields",
    "Search",
    "Spoken",
    "StateByClock",
    "Style",
    "Theme",
    "Tiles",
    "Turn",
    "Units",
]

REF = re.compile(r"[A-Za-z0-9-]{1,64}")
NUMBERS = (models.DecimalField, models.FloatField, models.IntegerField)
NOT_IN_REF = re.compile(r"[^A-Za-z0-9-]+")


class Dataset:
    """Base of all declarations. Subclasses set the attributes; see landgis/planning/dataset.py."""

    # Its name in addresses, commands and tiles, and where its pages are: /<path>/<ref>/.
    name: str
    path: str

    # One feature and many, as titles; `counted` stands after a number ("150 zones").
    title: Label
    title_plural: Label
    counted: Label
    description: Label
    licence: Licence | None = None
    attribution: str = ""

    # The two tables: rows in force, and the staged ones of change sets.
    in_force: type[models.Model]
    proposed: type[models.Model]

    # The columns, in the order in which pages and files have them.
    fields: Sequence[Field]
    # What they say, where that comes from and how exact it is, by their names: every public field has one (a test).
    meanings: Mapping[str, Meaning] = {}

    # The public fields of which the ref is made; optional ones are added where they are filled.
    identity: Sequence[str]
    optional_identity: Sequence[str] = ()

    # What a reader calls the feature, in the office's words or made of facts; what tells features of one title apart.
    title_field: str
    made_title = MadeTitle()
    detail_fields: Sequence[str] = ()

    # AREA, LINE, POINT or NONE: what the features are on the ground.
    geometry_kind: GeometryKind = geometry_kinds.AREA
    # The field with the area on paper, which totals then use.
    legal_area: str | None = None

    # The boolean column of the model that says whether a row is public (None: all rows are).
    public_when: str | None = None
    # A dataset: features that reach into one of its areas are not public either.
    withheld_by: str | None = None
    # Whether nothing of the dataset is public: no row, no revision.
    is_internal: bool = False
    # Which exits are open; the office's file has the last word.
    exits = Exits()
    # Whose decision lets changes in: the role `approver` for features, `publisher` for what calls people on a day.
    decided_by = "approver"

    # Callables (dataset, change_set): they fill fields of staged items and name those; then, yield issues of what is staged.
    completions: Sequence[Callable[..., Iterable[str]]] = ()
    checks: Sequence[Callable[..., Iterable[Any]]] = ()
    # Makes the features reference areas, among which other data must lie: the fields by which files name them.
    names_areas_by: Sequence[str] = ()

    # Where the features are units of administration what makes them so; else how they name the unit that they lie in.
    units: Units | None = None
    lies_in: LiesIn | None = None

    map = Map()
    lists = Lists()
    search = Search()
    numbers = NumberFields()
    parts = Parts()
    theme = Theme()
    # What the clock makes of what was reported, by which every exit shows and filters; and, for calendars, some rows' dates.
    state = StateByClock()
    moments: Callable[[Sequence[Mapping[str, Any]], Any], Iterable[Moment]] | None = None
    # The field with the place by which the coverage is told, and the one with the day on which a feature was measured.
    coverage_field: str = ""
    surveyed_field: str = ""
    # The fields from which it follows how exact a boundary is, by the rule of the country.
    drawn_at: ScaleFields | None = None
    # The fields with the first and last day in effect, each may be empty: sizes never in effect together are not summed.
    period: Sequence[str] = ()

    def ref(self, values: Mapping[str, Any]) -> str:
        """The public reference of a row: its identity, written with letters, digits and hyphens.

        Empty when a part of the identity is missing (an optional one may be).
        """
        parts = [values.get(name) for name in self.identity]
        if any(part in (None, "") for part in parts):
            return ""
        parts += [values[name] for name in self.optional_identity if values.get(name)]
        return NOT_IN_REF.sub("-", "-".join(str(part) for part in parts)).strip("-")

    def title_of(self, values: Mapping[str, Any]) -> str:
        """What a reader calls the feature, in the reader's language; its ref where it has no name."""
        return self.made_title.of(values) or str(values.get(self.title_field) or values["ref"])

    def form_of(self, name: str) -> str:
        """An expression that every value of a field matches; empty where a value may be anything."""
        return ""

    def is_pending(self, values: Mapping[str, Any]) -> bool:
        """Whether the feature is announced and not in force yet."""
        return self.theme.pending is not None and values.get(self.theme.pending[0]) in self.theme.pending[1]

    def has_own_name(self, values: Mapping[str, Any]) -> bool:
        """Whether the title is what the office wrote, and so in its language."""
        return bool(values.get(self.title_field)) and self.title_of(values) == values[self.title_field]

    def is_free_text(self, name: str) -> bool:
        """Whether the values are words of the office: neither codes nor numbers, dates or lists."""
        return isinstance(self.model_field(name), models.CharField | models.TextField) and not self.choices(name)

    def field(self, name: str) -> Field:
        for declared in (*self.fields, *self.derived_fields):
            if declared.name == name:
                return declared
        raise KeyError(name)

    @property
    def derived_fields(self) -> Sequence[Field]:
        """Columns that follow from the others, and that readers get as those: no file brings them."""
        return self.lies_in.fields if self.lies_in else ()

    def model_of(self, name: str) -> type[models.Model]:
        """The model that has a column."""
        return Location if any(name == field.name for field in self.derived_fields) else self.in_force

    def model_field(self, name: str) -> models.Field:
        found = self.model_of(name)._meta.get_field(name)
        if not isinstance(found, models.Field):
            raise TypeError(f"{self.name}: {name} is the other end of a relation, not a field")
        return found

    def label(self, name: str) -> Label:
        return self.model_field(name).verbose_name

    def meaning(self, name: str) -> Meaning:
        """What a field says, or a column that every dataset has; empty where nobody said."""
        return self.meanings.get(name) or COMMON.get(name) or self.state.meanings.get(name) or Meaning("")

    def is_number(self, name: str) -> bool:
        return isinstance(self.model_field(name), NUMBERS)

    def is_range(self, name: str) -> bool:
        """Whether the field is filtered by a lowest and a highest value."""
        return isinstance(self.model_field(name), (*NUMBERS, models.DateField))

    def choices(self, name: str) -> dict[str, Label]:
        """Code -> label of a coded field, or of yes and no; empty for the others."""
        codes = self.field(name).codes
        if codes is None and isinstance(self.model_field(name), models.BooleanField):
            return {"true": _("yes"), "false": _("no")}
        return codelists.labels(codes)

    def number_name(self, name: str, number: Any) -> Label:
        """What pages call a number of a field; the number itself where it has no name."""
        return codelists.labels(self.field(name).names).get(str(number), str(number))

    @property
    def selected_colour(self) -> str:
        """The colour of the one feature that a page or a picture is about."""
        return self.map.style.selected or self.map.colour

    @property
    def stated_fields(self) -> list[Field]:
        """The declared columns that are public."""
        return [declared for declared in self.fields if declared.visibility == PUBLIC]

    @property
    def public_fields(self) -> list[Field]:
        """What readers get: what is stated, and what follows from it in front of what it follows from."""
        shown = self.stated_fields
        stated = self.lies_in.name if self.lies_in else ""
        at = next((at for at, field in enumerate(shown) if field.name == stated), len(shown))
        return [*shown[:at], *self.derived_fields, *shown[at:]]

    def is_hidden(self, name: str) -> bool:
        """Whether it is a field that the public does not see."""
        return any(declared.name == name and declared.visibility != PUBLIC for declared in self.fields)

    @property
    def tile_fields(self) -> list[Field]:
        return [declared for declared in self.public_fields if declared.tile_from is not None]

    @property
    def label_fields(self) -> Sequence[str]:
        """The fields of a label on the map: those of the style, else the title."""
        return self.map.style.label or (self.title_field,)

    @property
    def relation(self) -> str:
        """The name of the dataset in SQL: `public-land` is `public_land`."""
        return self.name.replace("-", "_")

    @property
    def reported_relation(self) -> str:
        """The name in SQL of what was reported, now and ever: another one where the clock has a say in what is."""
        return f"{self.relation}_as_reported" if self.state.field else self.relation

    @property
    def columns(self) -> list[str]:
        """The declared columns and those of the geometry, as the two tables hold them."""
        return [declared.name for declared in self.fields] + self.geometry_kind.columns

    @property
    def compared_columns(self) -> list[str]:
        """Those by which it is seen whether a feature has changed: a measure follows from its geometry."""
        measure = self.geometry_kind.measure
        return [name for name in self.columns if measure is None or name != measure.column]

    @property
    def geometry(self) -> str | None:
        """The column of the geometry; None where features have no place."""
        return self.geometry_kind.column or None
