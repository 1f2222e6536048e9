"""The kinds of issues: stable codes, how serious each is, and what to tell the reader.

Codes never change their meaning; docs/issues.md lists them. A domain app adds its own with `add_kinds`.
"""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from landgis.catalog.codelists import Label
from landgis.catalog.dataset import Dataset
from landgis.changes import coordinate_words, hidden, words
from landgis.changes.geometry_issues import OF_OTHER_KINDS
from landgis.changes.models import Severity

STOP, WARN = Severity.STOP, Severity.WARN
CONFIRMED = "many-confirmed"  # as UNSOUND: of what was confirmed
PLACE = "lies_at"  # of its parameters: where it is, as longitude and latitude; it tells no two issues apart
UNSOUND = "no-longer-sound"  # `found` of its parameters is the code of what the apply found, the others are of that


@dataclass(frozen=True)
class IssueKind:
    """One kind of issue: message and remedy are templates filled with the issue's parameters.

    `on_page` is the remedy where the officer has buttons instead of a command line.
    """

    severity: Severity
    message: Label
    remedy: Label
    on_page: Label | None = None


@dataclass(frozen=True)
class Finding:
    """An issue before it is stored. `row` counts the rows of the source from 1."""

    code: str
    row: int | None = None
    ref: str = ""
    field: str = ""
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict)


KINDS: dict[str, IssueKind] = {
    "value-missing": IssueKind(
        STOP, _("The field “%(label)s” is empty."), _("Fill it in the file; it may not be left out.")
    ),
    "value-unreadable": IssueKind(
        STOP,
        _("“%(value)s” cannot be read as “%(label)s”."),
        _("Write a value of the right kind: %(expected)s."),
    ),
    "value-too-long": IssueKind(
        STOP,
        _("The text of “%(label)s” has %(length)s characters; %(limit)s are allowed."),
        _("Shorten the text."),
    ),
    "text-undecodable": IssueKind(
        WARN,
        _("“%(value)s” holds bytes that are no text of %(encoding)s."),
        _("Say the encoding of the file with --encoding, or correct the text."),
        _("Choose the encoding of the file on this page, or correct the text."),
    ),
    "value-cut": IssueKind(
        WARN,
        _("“%(label)s” has %(length)s letters, as many as the format holds: the rest may have been cut off."),
        _("Where it begins like what is in force, that stays. To change it, hand in a GeoPackage or a table."),
    ),
    "column-empty": IssueKind(
        WARN,
        _("The column of “%(label)s”, which the public does not see, is empty in every row."),
        _("What is in force stays. To empty it for single features, fill in the column for the others."),
    ),
    "code-unknown": IssueKind(
        STOP,
        _("“%(value)s” is not in the code list of “%(label)s”."),
        _("Use a code of the list, or its name: %(expected)s."),
    ),
    "identity-missing": IssueKind(
        STOP, _("The row has no identity: %(fields)s."), _("Fill in every field that identifies the feature.")
    ),
    "identity-duplicate": IssueKind(
        STOP, _("The same identity stands in %(count)s rows of the source."), _("Keep one row, or correct the others.")
    ),
    "identity-twins": IssueKind(
        STOP,
        _("The same identity stands in %(count)s rows of the source."),
        _("Keep one row; if they really are different features, tell them apart in “%(label)s”."),
    ),
    "identity-taken": IssueKind(
        STOP,
        _("The reference %(taken)s already belongs to another feature: %(other)s."),
        _("Correct the fields that identify the feature; differing signs alone do not tell two features apart."),
    ),
    "ref-form": IssueKind(
        STOP,
        _("From this identity no reference can be made: 1 to 64 letters, digits and hyphens are needed."),
        _("Correct the fields that identify the feature."),
    ),
    "row-too-long": IssueKind(
        STOP,
        _("The row has %(count)s cells, but there are %(expected)s headings."),
        _("Put quotation marks round text that holds the delimiter."),
    ),
    "geometry-unreadable": IssueKind(
        STOP,
        _("“%(text)s” cannot be read as a geometry."),
        _("Write WKT, or numbers as coordinates; a ring ends at its first corner."),
    ),
    "text-unattached": IssueKind(
        WARN,
        _("The text “%(text)s” (%(column)s) at %(x)s, %(y)s lies in no closed boundary."),
        _("Move it into its parcel, or close the boundary there."),
    ),
    "text-surplus": IssueKind(
        WARN,
        _("The text “%(text)s” (%(column)s) at %(x)s, %(y)s lies in a boundary that has such a text already."),
        _("Leave one of the two, or draw the line that divides them."),
    ),
    "line-unclosed": IssueKind(
        WARN,
        _("A line of %(length)s m at %(x)s, %(y)s closes no boundary."),
        _("Lengthen it to the next line, or remove it."),
    ),
    "geometry-missing": IssueKind(STOP, _("The row has no geometry."), _("Draw the boundary, or remove the row.")),
    "geometry-no-length": IssueKind(
        STOP, _("A part of the line has no length."), _("Draw the line, or remove the row.")
    ),
    "same-place": IssueKind(
        WARN,
        _("The point lies where %(other)s lies already, less than a millimetre away."),
        _("Keep one of the two, or correct the coordinates."),
    ),
    "geometry-kept": IssueKind(
        WARN,
        _("The file brings no boundaries: those in force stay as they are."),
        _(
            "If it was to bring them, add a column of WKT or two columns of coordinates, or name those that hold them: --map COLUMN=east, --map COLUMN=north."
        ),
        _(
            "If it was to bring them, add a column of WKT or two columns of coordinates, or name on this page those that hold them."
        ),
    ),
    "geometry-empty": IssueKind(STOP, _("The geometry is empty."), _("Draw the boundary, or remove the row.")),
    "geometry-kind": IssueKind(
        STOP, _("The geometry is a %(kind)s; an area is needed."), _("Close the line to a polygon, or remove the row.")
    ),
    "geometry-not-finite": IssueKind(STOP, _("A coordinate is not a number."), _("Correct or redraw the boundary.")),
    "geometry-invalid": IssueKind(
        STOP,
        _("The boundary is not valid: %(reason)s at %(x)s, %(y)s (coordinates of the file)."),
        _("Correct the boundary at that point."),
    ),
    "geometry-unclosed": IssueKind(
        STOP, _("A ring of the boundary does not end where it begins."), _("Repeat the first corner at the end.")
    ),
    "geometry-repaired": IssueKind(
        WARN,
        _("The boundary was repaired (%(reason)s at %(x)s, %(y)s); its area changed by %(repair_change)s m²."),
        _("Look at the boundary before and after the repair."),
    ),
    "geometry-out-of-world": IssueKind(
        STOP,
        _("The boundary does not lie on the map of the world."),
        _("Check the coordinate system and the order of the coordinates; say --crs."),
        _("Choose the coordinate system on this page, and check the order of the coordinates."),
    ),
    "personal-data": IssueKind(
        WARN,
        _("The column “%(column)s” looks like personal data and is read into a public field."),
        _("Read it into no public field, unless it is no personal data."),
    ),
    "area-not-positive": IssueKind(
        STOP, _("The area on paper is %(legal)s m²."), _("Write the area of the document; it is more than 0.")
    ),
    "area-difference": IssueKind(
        WARN,
        _("On paper %(legal)s m², computed %(computed)s m²."),
        _("Check the boundary and the document; the area on paper is kept."),
    ),
    "overlap": IssueKind(
        WARN,
        _("The boundary overlaps that of %(other)s by %(area)s m²."),
        _("Compare both boundaries; neighbours share one line."),
    ),
    "gap": IssueKind(
        WARN,
        _("Between the boundary and that of %(other)s %(area)s m² belong to nobody."),
        _("Compare both boundaries; neighbours share one line."),
    ),
    "feature-lost": IssueKind(
        WARN,
        _(
            "The feature is in force and not in the file, which is said to be complete: it would be retired, one of %(count)s."
        ),
        _("Look whether it is gone; if the file holds only a part of the features, do not say that it is complete."),
    ),
    "feature-moved-on": IssueKind(
        STOP,
        _("The feature was changed in revision %(now)s after this change set was checked."),
        _("Load the file again, so that it is compared with what is in force now."),
    ),
    UNSOUND: IssueKind(
        STOP,
        _("Something else was changed after this change set was checked. %(told)s"),
        _("Load the file again, so that it is compared with what is in force now."),
    ),
    "changed-since": IssueKind(
        STOP,
        _("What is in force here is of %(now)s, the file of an earlier day, or perhaps."),
        _("Decide with --changed-since keep or take, or load a newer file."),
        _("Compare both on this page, then keep what is here or take what the file says."),
    ),
    "changed-since-kept": IssueKind(
        WARN,
        _("What is in force here is of %(now)s, the file of an earlier day, or perhaps; it stays as it is here."),
        _("Look whether what the file says is to be taken over by hand."),
    ),
    "changed-since-taken": IssueKind(
        WARN,
        _("What is in force here is of %(now)s, the file of an earlier day, or perhaps; the file is followed."),
        _("Look at what is lost by it before you approve."),
    ),
}


def add_kinds(kinds: Mapping[str, IssueKind]) -> None:
    """Add the issue kinds of a domain app."""
    taken = KINDS.keys() & kinds.keys()
    if taken:
        raise ValueError(f"issue codes already taken: {sorted(taken)}")
    KINDS.update(kinds)


def severity(code: str) -> Severity:
    return KINDS[code].severity


FIGURES = (
    *("area", "computed", "count", "deposit", "features", "grouped", "known", "legal", "length"),
    *("factor", "limit", "said", "lots", "metres", "number", "read", "repair_change", "sum", "table", "total"),
)
MOMENTS = ("day", "now", "first", "last", "earlier", "later")
SAID: dict[str, Callable[[Any], Any]] = {
    "reason": words.reason,
    "kind": words.geometry,
    "part": words.part,
    "x": words.place,
    "y": words.place,
    **dict.fromkeys(FIGURES, words.figure),
    **dict.fromkeys(MOMENTS, words.moment),
}


def text(
    dataset: Dataset, code: str, field: str, params: Mapping[str, Any], *, on_page: bool = False
) -> tuple[str, str]:
    """What was found and what to do about it, in the reader's language; `on_page` for whoever has no command line."""
    params = hidden.without_value(dataset, field, params, hidden.NOT_SHOWN)
    known = dict(params)
    if code in (UNSOUND, CONFIRMED):
        known["told"], _remedy = text(dataset, params["found"], field, params)
    if field:
        known["label"] = dataset.label(field)
        if code == "code-unknown":
            labels = dataset.choices(field)
            known["expected"] = ", ".join(f"{one} ({labels[one]})" for one in dataset.state.reportable(field, labels))
    if cause := params.get("cause"):  # a text known to gettext, as a check gave it
        known["cause"] = capfirst(gettext(cause)) + "."
    for name, value in params.items():
        if name.endswith("_field"):  # another field, which the message names by its label
            known[name.removesuffix("_field") + "_label"] = dataset.label(value)
    known |= coordinate_words.filled_in(params)
    known |= {name: say(params[name]) for name, say in SAID.items() if name in params}
    known |= {"repair": params.get("repair", ""), "done": words.repair(params.get("repair"))}
    known["fields"] = ", ".join(str(dataset.label(name)) for name in dataset.identity)
    kind = KINDS[code]
    message, remedy = OF_OTHER_KINDS.get(dataset.geometry_kind.name, {}).get(code, (None, None))
    remedy = remedy or (kind.on_page if on_page else None) or kind.remedy
    message, remedy = (str(message or kind.message) % known).strip(), str(remedy) % known
    if "repair_change" in params and kind.severity == STOP:
        repair = (
            gettext("Or accept this kind of repair on this page: %(done)s. The area changes by %(repair_change)s m².")
            if on_page
            else gettext("Or accept --repair %(repair)s: %(done)s. The area changes by %(repair_change)s m².")
        )
        remedy += " " + repair % known
    if params.get("rows"):
        message += " " + words.other_rows(params["rows"])
    return message, remedy
