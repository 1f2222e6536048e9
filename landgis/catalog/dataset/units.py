"""How declarations speak of units of administration: which features are units, and in which one others lie."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from landgis.catalog.codelists import Label
from landgis.catalog.dataset.attributes import Field
from landgis.lib.unit_names import UnitColumns

TODAY, TODAY_CODE, TODAY_BY, TODAY_ALSO = (
    "commune_today",
    "commune_today_code",
    "commune_today_by",
    "commune_today_also",
)
DERIVED = (TODAY, TODAY_CODE, TODAY_BY, TODAY_ALSO)


@dataclass(frozen=True)
class Units:
    """The features are units of administration in time: their fields with code and name, the coded one with their kind,
    whether they are of today, and the refs, separated by blanks, of those that followed.
    """

    code: str
    name: str
    kind: str
    is_current: str
    successors: str


@dataclass(frozen=True)
class LiesIn:
    """The fields that name the unit in which a feature lies, as the documents have it: by name, and by code.

    From them and the feature's place follows the unit of today, which stands in columns of its own (`DERIVED`). Where
    files say it too, `today` and `today_code` are those fields, and it is shown in them. On pages it stands in `group`.
    Features that are as wide as units are (`is_wide`) are found by each unit that they reach into; so are those that lie
    where the public features do that are `of` them: a dataset, and its field with their refs.
    """

    name: str = ""
    code: str = ""
    is_wide: bool = False
    of: tuple[str, str] | None = None
    today: str = ""
    today_code: str = ""
    group: Label = ""

    @property
    def has_several(self) -> bool:
        """Whether a feature is found by more than one unit."""
        return self.is_wide or self.of is not None

    @property
    def shown(self) -> dict[str, str]:
        """What follows -> the column in which it is shown."""
        return dict(
            zip(DERIVED, (self.today or TODAY, self.today_code or TODAY_CODE, TODAY_BY, TODAY_ALSO), strict=True)
        )

    @property
    def columns(self) -> UnitColumns:
        """The same for filters."""
        shown = self.shown
        return UnitColumns(
            self.name, self.code, shown[TODAY], shown[TODAY_CODE], shown[TODAY_ALSO], has_several=self.has_several
        )

    @cached_property
    def fields(self) -> Sequence[Field]:
        """The columns that no table of the dataset has."""
        one = not self.has_several  # groups of what lies in several would not add up
        name = Field(TODAY, in_list=True, filters=True, groups=one, searched=one, group=self.group)
        code = Field(TODAY_CODE, filters=True, in_form=False, in_facts=False)
        by = Field(TODAY_BY, codes="commune-today-by", in_facts=not self.today, group=self.group)
        also = Field(TODAY_ALSO, in_list=self.has_several, only_if_given=True, group=self.group)
        return (*(() if self.today else (name,)), *(() if self.today_code else (code,)), by, also)
