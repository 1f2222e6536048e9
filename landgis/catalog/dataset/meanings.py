"""What values say: the words of the data dictionary, and of the help beside a fact or over a column."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from landgis.catalog.codelists import Label


@dataclass(frozen=True)
class Meaning:
    """`text` says what a value means, `source` from which paper or system it comes.

    Of what is measured `accuracy` says how far a value may be off, or that nobody said. A number without a unit says
    what it `counts` or numbers.
    """

    text: Label
    source: Label = ""
    accuracy: Label = ""
    counts: Label = ""


@dataclass(frozen=True)
class ScaleFields:
    """The fields that say at which scale a boundary was drawn (1 to so many), and for what land."""

    scale: str
    use: str


OFFICE = _("The publishing office")
COMPUTED = _("Computed from the geometry")
FEATURE_FILE = _("The file that was taken in")
UNITS = _("Derived from the documents, the list of administrative units and the place on the map")
# Of a state that follows the clock, the column beside it.
REPORTED = Meaning(
    _("What the source said. The state of now follows from it by the dates of the notices."), FEATURE_FILE
)

# Of what every dataset has beside its fields.
COMMON: Mapping[str, Meaning] = {
    "ref": Meaning(
        _("Names the feature for good: it is in the address of its page, is never changed and never given to another."),
        OFFICE,
    ),
    "area_m2": Meaning(
        _(
            "Area that the boundary encloses, computed in the plane of the legal coordinate system when the feature comes in."
        ),
        COMPUTED,
        accuracy=_("As exact as the boundary is; the page of the feature says it where scale and survey are known"),
    ),
    "length_m": Meaning(
        _("Length of the line, computed in the plane of the legal coordinate system when the feature comes in."),
        COMPUTED,
        accuracy=_("As exact as the line is; its file does not say how exact that is"),
    ),
    "legal_srid": Meaning(
        _("EPSG code of the system in which the coordinates were handed in; the corners on the page are in it."),
        FEATURE_FILE,
        counts=_("EPSG code"),
    ),
    "is_made_up": Meaning(_("Whether the values were invented to show the system and stand for no real land."), OFFICE),
    "from_revision": Meaning(
        _("Number of the publication with which the row as it stands came into force."), OFFICE, counts=_("publication")
    ),
    "source": Meaning(_("File or paper from which the row was taken, in the words of the office."), OFFICE),
    "source_as_of": Meaning(_("Day whose state the source describes; empty where the office named none."), OFFICE),
    "commune_today": Meaning(
        _(
            "Ward, commune or special zone in which it lies now: what became of the one that the documents name, else by its place; empty where neither tells."
        ),
        UNITS,
    ),
    "commune_today_code": Meaning(_("Number of that ward, commune or special zone in the national list."), UNITS),
    "commune_today_by": Meaning(
        _(
            "Whether file, documents or place told in which commune it lies now, and whether they contradict each other."
        ),
        UNITS,
    ),
    "commune_today_also": Meaning(
        _(
            "Communes of today, beside the one named, in which at least a hundredth of it lies; several are separated by commas."
        ),
        UNITS,
    ),
}
