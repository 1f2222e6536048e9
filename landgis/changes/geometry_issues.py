"""What issues of a geometry say where the dataset has lines or points: `issues` speaks of boundaries."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from landgis.catalog.codelists import Label

# What is said of a boundary, for a dataset of lines or points: message and remedy, None where those of areas serve.
OF_OTHER_KINDS: Mapping[str, Mapping[str, tuple[Label | None, Label | None]]] = {
    "line": {
        "geometry-missing": (None, _("Draw the line, or remove the row.")),
        "geometry-empty": (None, _("Draw the line, or remove the row.")),
        "geometry-kind": (
            _("The geometry is a %(kind)s; a line is needed."),
            _("Draw it as a line, or remove the row."),
        ),
        "geometry-not-finite": (None, _("Correct the coordinates.")),
        "geometry-invalid": (
            _("The line is not valid: %(reason)s at %(x)s, %(y)s (coordinates of the file)."),
            _("Correct the line at that point."),
        ),
        "geometry-out-of-world": (_("The line does not lie on the map of the world."), None),
        "geometry-kept": (_("The file brings no lines: those in force stay as they are."), None),
    },
    "point": {
        "geometry-missing": (None, _("Give the coordinates of the point, or remove the row.")),
        "geometry-empty": (None, _("Give the coordinates of the point, or remove the row.")),
        "geometry-kind": (
            _("The geometry is a %(kind)s; a point is needed."),
            _("Give the coordinates of one point, or remove the row."),
        ),
        "geometry-not-finite": (None, _("Correct the coordinates.")),
        "geometry-invalid": (
            _("The point is not valid: %(reason)s at %(x)s, %(y)s (coordinates of the file)."),
            _("Correct the coordinates."),
        ),
        "geometry-out-of-world": (_("The point does not lie on the map of the world."), None),
        "geometry-kept": (_("The file brings no coordinates: the points in force stay as they are."), None),
    },
}
