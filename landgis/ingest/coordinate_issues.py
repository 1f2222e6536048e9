"""The issues of coordinates as a whole: which system a file is in, and how sure that is."""

from django.utils.translation import gettext_lazy as _

from landgis.changes.issues import STOP, WARN, IssueKind, add_kinds

add_kinds(
    {
        "crs-missing": IssueKind(
            STOP,
            _("The file does not say its coordinate system. What fits: %(readings)s."),
            _("Confirm the right one: %(options)s."),
            _("Compare on the map where the data would lie, and choose the right reading."),
        ),
        "crs-told": IssueKind(
            WARN,
            _(
                "The file does not say its coordinate system. It is read as %(name)s (EPSG:%(srid)s): %(witness)s. %(beside)s"
            ),
            _(
                "Compare some of the data with the aerial image; if they lie beside, say another reading with --crs and --fix."
            ),
            _(
                "Compare some of the data with the aerial image; if they lie beside, choose another coordinate system on this page."
            ),
        ),
        "crs-doubtful": IssueKind(
            STOP,
            _("Read as %(said)s, the data lie %(metres)s m from where they lie as %(meant)s: %(witness)s. %(cause)s"),
            _("Confirm with %(option)s; or with %(keep)s if the file is right."),
            _("Compare on the map where the data would lie, and choose the right reading."),
        ),
        "crs-alike": IssueKind(
            STOP,
            _(
                "The file describes a coordinate system that is like a known one and not equal. It can be read as %(readings)s."
            ),
            _("Confirm the right one: %(options)s."),
            _("Compare on the map where the data would lie, and choose the right reading."),
        ),
        "crs-nameless": IssueKind(
            STOP,
            _("Files of this form have no name for every coordinate system. It can be read as %(readings)s."),
            _("Confirm the right one: %(options)s."),
            _("Compare on the map where the data would lie, and choose the right reading."),
        ),
        "crs-operations": IssueKind(
            STOP,
            _("From %(name)s several ways lead to WGS 84, and they differ: %(readings)s."),
            _("Confirm the right one: %(options)s."),
            _("Compare on the map where the data would lie, and choose the right reading."),
        ),
        "crs-operation": IssueKind(
            WARN,
            _("From %(name)s to WGS 84 “%(operation)s” of the register of EPSG is used, exact to %(accuracy)s m."),
            _("If that is not exact enough, have the file converted first, with a grid or by a surveyor."),
        ),
        "crs-moved": IssueKind(
            STOP,
            _(
                "Read as %(said)s, all %(count)s features compared with those in force would move by the same %(metres)s m."
            ),
            _("Check the coordinate system; if they really move, confirm with %(keep)s."),
            _("Check the coordinate system; if they really move, confirm it."),
        ),
        "crs-kept": IssueKind(
            WARN,
            _("All %(count)s features compared with those in force move by the same %(metres)s m, as was confirmed."),
            _("Look at some of them on the map before you approve."),
        ),
        "crs-other-place": IssueKind(
            WARN,
            _("Only %(percent)s of the data lie in the places that their rows name; they lie in %(at)s."),
            _("Check what the rows say of their place, and the coordinate system."),
        ),
        "crs-also": IssueKind(
            WARN,
            _(
                "The file says %(said)s, and so it is read. As %(meant)s, in which this office works, the data would lie in published "
                "places, too, %(metres)s m from there."
            ),
            _("Look at the map; if they lie in the wrong place, say the other one with --crs."),
            _("Look at the map; if they lie in the wrong place, choose the other one on this page."),
        ),
        "crs-elsewhere": IssueKind(
            WARN,
            _("Only %(percent)s of the data lie in the published places."),
            _("Check the coordinate system and the order of the coordinates."),
        ),
    }
)
