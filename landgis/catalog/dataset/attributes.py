"""What stands in the attributes of a declaration (see `dataset.Dataset`): fields, and groups of what belongs together.

What an attribute names (a field, a dataset, a code) is checked when the dataset is registered.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Any

from django.http import QueryDict

from landgis.catalog.codelists import Label
from landgis.catalog.dataset.told import Contradiction, Fact

PUBLIC, OFFICER, NEVER = "public", "officer", "never"


@dataclass(frozen=True)
class Part:
    """One key of the objects in a declared JSON list: text, a code of a list, a date (kept as ISO text) or a number.

    `label` is what people call it; its name where there is none. One that `is_file` names a file of the documents
    (`landgis/documents/store.py`).
    """

    name: str
    label: Label = ""
    codes: str | None = None
    is_date: bool = False
    is_number: bool = False
    is_file: bool = False
    source_names: Sequence[str] = ()


@dataclass(frozen=True)
class OnlyWhen:
    """A value can be given only while the field `by` has one of the `codes`."""

    by: str
    codes: Sequence[str]


@dataclass(frozen=True)
class Field:
    """One declared column: who may see it and which exits use it.

    Of a field that `is_area_code` the values are codes of reference areas (see `names_areas_by`).
    `name` is the name of a model field, `unit` that of its numbers (`per` what: of a price by area "m²"), `codes` that of its code list (see `codelists`); the list
    `names` says what pages call numbers that files, filters and tables have as such. `tile_from` is
    the zoom from which it travels in tiles; `source_names` are the headings under which files bring it.
    A filter with a `default` holds it until the address names the filter (empty for all); one that is not
    `in_form` is only used by addresses. What is not `in_facts` is shown by a page part of the dataset.
    `parts` are the keys of a JSON list. The words of a `searched` field lead to the feature, as those of the title do.
    Facts stand together by `group`; a page says of a fact without a value that the office has not given it, unless it
    is shown `only_if_given`, or could not be given, which `only_when` tells. What belongs to one feature alone, such as the
    number of its certificate, no longer `passes_on` to those that it is split or merged into.
    """

    name: str
    visibility: str = PUBLIC
    unit: str = ""
    per: str = ""
    codes: str | None = None
    names: str | None = None
    is_area_code: bool = False
    required: bool = False
    filters: bool = False
    default: str = ""
    in_form: bool = True
    groups: bool = False
    searched: bool = False
    in_list: bool = False
    in_facts: bool = True
    group: Label = ""
    only_if_given: bool = False
    only_when: OnlyWhen | None = None
    tile_from: int | None = None
    source_names: Sequence[str] = ()
    parts: Sequence[Part] = ()
    passes_on: bool = True

    def applies(self, row: Mapping[str, Any]) -> bool:
        """Whether a row could have a value; so it is, too, where nobody says how the row stands."""
        standing = row.get(self.only_when.by) if self.only_when else None
        return self.only_when is None or standing is None or standing in self.only_when.codes


@dataclass(frozen=True)
class Exits:
    """Which exits are open: pages of the features, tiles, all rows at once as GeoJSON, lists that can be leafed through,
    and such lists as CSV and XLSX.

    What is not `indexed` search engines are asked to leave alone.
    """

    pages: bool = True
    tiles: bool = True
    geojson: bool = True
    lists: bool = True
    tables: bool = True
    indexed: bool = True


CLOSED = Exits(pages=False, tiles=False, geojson=False, lists=False, tables=False, indexed=False)


@dataclass(frozen=True)
class Tiles:
    """The zoom plan: from which zoom features are drawn as they are.

    Where they would be too many to be told apart, from zoom `counts_from` on a point stands for all those that have
    the same value in the field `counts_by`, with their true number. Features that are drawn from afar because the map is
    opened for them are `gathered_to` a zoom: below it a pill says how many there are, and the lowest value of the amount
    of money `least` of those whose colour has one of the codes `least_of`. Where all are `together` in what they belong to (a
    dataset, the field that holds its ref, the moment there) it names that and the day. No cluster meets another
    (`catalog.clusters`).

    Between counts and features the ground may be generalised: a sheet is all that share the fields `sheets_by`, drawn from
    zoom `sheets_from` on; a block is what hangs together within a sheet, drawn from zoom `blocks_from` on
    (`catalog.published.generalised`).
    """

    minzoom: int = 6
    maxzoom: int = 16
    counts_by: str = ""
    counts_from: int = 8
    sheets_by: Sequence[str] = ()
    sheets_from: int = 0
    blocks_from: int = 0
    gathered_to: int = 0
    least: str = ""
    least_of: Sequence[str] = ()
    together: Sequence[str] = ()

    @property
    def lowest(self) -> int:
        return self.counts_from if self.counts_by else self.minzoom

    @property
    def cluster_zooms(self) -> range:
        """The whole zooms at which something stands for several features."""
        counts_to = self.sheets_from if self.sheets_by else self.minzoom
        return range(self.lowest, counts_to if self.counts_by else self.gathered_to)

    @property
    def generalised_zooms(self) -> range:
        """The whole zooms at which sheets or blocks are drawn for the features."""
        return range(self.sheets_from if self.sheets_by else self.minzoom, self.minzoom)


AREA, OUTLINE, BOUNDARY, MESH, LINE, POINT = "area", "outline", "boundary", "mesh", "line", "point"


@dataclass(frozen=True)
class Style:
    """How features are drawn on a map, over a satellite picture or without one.

    `kind`: an "area" is filled, an "outline" hatched so that what lies under it is seen, a "boundary" a thin line, a
    "mesh" thin lines between neighbours that leave the picture free. Features that are lines are drawn as a "line",
    and those that are points as a "point".
    The codes of the field `colour_by` have the `colours`, the first drawn on top; other values that of the dataset.
    Features whose code is one of `dashed` have a broken line and nothing inside it.
    What the map is opened for `is_headline`: it is drawn stronger and seen from far away. A label has a line for
    each field of `label`, from zoom `label_from` on; `label` and `colour_by` must travel in tiles by then. `selected` is the colour of the one feature that a page is
    about, where its usual one would not tell it from its neighbours.
    """

    kind: str = AREA
    colour_by: str = ""
    colours: Mapping[str, str] = dataclass_field(default_factory=dict)
    dashed: Sequence[str] = ()
    is_headline: bool = False
    label: Sequence[str] = ()
    label_from: int = 15
    selected: str = ""


@dataclass(frozen=True)
class Licence:
    name: Label
    url: str = ""


@dataclass(frozen=True)
class Place:
    """A unit of today or of the past as people call it, for whoever reads questions.

    `within` names what it lay in, each with the field that holds it. `today` are the refs in which it lives on, its own when it is of today; `origins`
    those of the oldest units it was formed from.
    """

    ref: str
    name: str
    code: str
    within: Sequence[tuple[str, str]]
    today: Sequence[str]
    origins: Sequence[str]


@dataclass(frozen=True)
class Map:
    """The dataset on maps: `colour` of the map and the legend, legible over a satellite picture."""

    colour: str = "#b3541e"
    style: Style = Style()
    tiles: Tiles = Tiles()
    # A dataset and a field of it: the map of a feature draws the rows of that dataset whose field holds the ref.
    drawn_with: tuple[str, str] | None = None


@dataclass(frozen=True)
class Search:
    """How rows are found. The fields that this names must be public."""

    # Whether the words of each row are kept. A million rows would all have the same ones: they are then found by
    # their ref, their numbers, `codes` and `address`.
    keeps_words: bool = True
    # Whether search counts what a list that it leads to holds; in a large dataset that takes too long.
    counts_lists: bool = True
    # Whether its features come before those of other datasets that match as well.
    comes_first: bool = False
    # Fields of which each names a row alone, such as the code of a parcel; each needs an index.
    codes: Sequence[str] = ()
    # Fields with the names of the places that a row lies in, those of today and earlier ones.
    places: Sequence[str] = ()
    # The field with number and street.
    address: str = ""
    # What people call its things, beside the titles: phrases separated by "|", which a translation has its own of.
    called: Label = ""
    # Where the features are units of administration: gives those of all times, by which names of places are understood.
    units: Callable[[], Iterable[Place]] | None = None


@dataclass(frozen=True)
class NumberFields:
    """The two public fields that name a row together within a place, such as sheet and parcel; they need an index."""

    sheet: str = ""
    parcel: str = ""
    # Whether the rows are the parcels themselves, so that every number is among them; else a row stands on parcels
    # with these numbers, and may name several.
    are_own: bool = False

    @property
    def fields(self) -> Sequence[str]:
        return (self.sheet, self.parcel) if self.sheet else ()


@dataclass(frozen=True)
class Parts:
    """What the dataset adds to pages: pairs of a template and a query, which gives the template its `part`."""

    # Under the title of a feature's page; the query takes the Subject (landgis/catalog/subject.py), and gives None where
    # there is nothing to tell.
    head: Sequence[tuple[str, Callable[[Any], Mapping[str, Any] | None]]] = ()
    # Further down on the page of a feature; the same.
    page: Sequence[tuple[str, Callable[[Any], Mapping[str, Any] | None]]] = ()
    # Beside the map of the first page; the query takes nothing.
    home: Sequence[tuple[str, Callable[[], Mapping[str, Any]]]] = ()
    # Over the rows of the list; the query takes the filter, the PublicState and the address's parameters.
    list: Sequence[tuple[str, Callable[[Any, Any, QueryDict], Mapping[str, Any]]]] = ()
    # Gives the facts of a Subject that are worked out, beside those of its fields.
    facts: Callable[[Any], Iterable[Fact]] | None = None
    # Gives what facts of a Subject say against those of others.
    contradictions: Callable[[Any], Iterable[Contradiction]] | None = None
    # The public field in which the office explains what contradicts.
    explained_in: str = ""
    # The headings under which facts stand, in their order.
    fact_groups: Sequence[Label] = ()


@dataclass(frozen=True)
class Theme:
    """What pages of other features say of this dataset: whether it touches them, does not, or has no data there."""

    # The public fields that those pages show; without any the dataset is no theme.
    fields: Sequence[str] = ()
    # A public field and those of its codes with which a rule is announced and not in force yet: told apart from those
    # that hold.
    pending: tuple[str, Sequence[str]] | None = None
