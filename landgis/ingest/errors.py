"""Why a file cannot be read: stable codes, and what to tell the reader. docs/issues.md lists them."""

from typing import Any


def marked(message: str) -> str:
    """A text that is translated where it is shown; imported as `_`, by which the catalogues find it.

    Unlike Django's gettext_noop it needs no settings.
    """
    return message


_ = marked

# Code -> an English text known to gettext, filled with the parameters of the error.
MESSAGES = {
    "file-absent": _("There is no file %(path)s."),
    "zip-damaged": _("The zip is damaged or locked: %(reason)s"),
    "zip-too-many": _("The zip holds %(count)s files; %(limit)s are allowed."),
    "zip-too-large": _("The zip would unpack to an unreasonable size."),
    "zip-leads-out": _("The zip holds names that lead out of it."),
    "zip-locked": _("The zip is locked with a password."),
    "zip-name-twice": _("The zip holds the same name twice."),
    "zip-nothing": _(
        "The zip holds no file that can be read here. Put the map or the table into it, with all its parts."
    ),
    "zip-nested": _("The zip holds another zip; unpack it first."),
    "shapefile-false": _("The .shp in the zip is no Shapefile."),
    "shapefile-parts": _("%(name)s lacks its other parts: %(parts)s. Hand in all of them together, best in one zip."),
    "zip-geodatabases": _("The zip must hold exactly one .gdb folder; it holds %(count)s."),
    "table-columns": _("The text file has no columns: separate them by commas, semicolons or tabs."),
    "table-too-wide": _("The file has %(count)s columns; %(limit)s are allowed."),
    "table-unreadable": _("The text file cannot be read as rows: %(reason)s"),
    "file-empty": _("The file is empty: there is nothing in it. Export it again, and look at its size."),
    "format-archive": _(
        "This is an archive that is not read here (RAR, 7z, TAR, GZ). Unpack it, and pack what is in it as ZIP."
    ),
    "format-dwg": _("This is a drawing of AutoCAD (DWG). Save it there as DXF."),
    "format-pdf": _(
        "This is a PDF: it can be looked at, but holds no data. Ask for the file from which it was printed."
    ),
    "format-image": _(
        "This is a picture: it holds no boundaries. Ask for the map or the table itself. An aerial image is added as a scene."
    ),
    "format-document": _("This is a text or a presentation. Copy its table into a spreadsheet, and save that as XLSX."),
    "format-spreadsheet": _("This is a spreadsheet of another kind (XLS, XLSB, ODS, XML). Save it as XLSX."),
    "workbook-locked": _("The workbook is locked with a password. Take the password away, and save it once more."),
    "format-database": _("This is a database of Access. Export the layer from it as GeoPackage or Shapefile."),
    "format-project": _(
        "This is a project of QGIS: it only says where the data are. Hand in the layer, exported as GeoPackage."
    ),
    "format-html": _(
        "This is a web page, not the data: the download asked for a login, or failed. Fetch the file once more."
    ),
    "format-old": _("This is an old Office file or a DGN of version 8. Save it as XLSX, or as DGN version 7 or DXF."),
    "format-unknown": _(
        "This is no file that can be read here: Shapefile, MapInfo, GeoPackage, FileGDB, GeoJSON, Esri JSON, "
        "FlatGeobuf, GeoParquet, KML, GML, DXF, DGN version 7, XLSX or CSV. Export it from your program as "
        "one of these."
    ),
    "xml-entities": _("The XML declares a document type or entities; export it without them."),
    "xml-unknown": _("The XML is neither KML nor GML."),
    "drawing-boundaries": _("The drawing has no line on a level of boundaries."),
    "drawing-polygons": _("The lines of the drawing close no polygon."),
    "sheet-empty": _("The sheet is empty."),
    "layer-unknown": _("There is no layer “%(layer)s”; the file has: %(layers)s."),
    "layer-none": _("The file holds no layer."),
    "sheet-headings": _("The sheet has no row of headings."),
    "format-false": _("The file is not what its first bytes say (%(driver)s)."),
    "format-unreadable": _("The file cannot be read as %(driver)s: %(reason)s"),
    "parquet-geometry": _("The Parquet file says of no column that it is a geometry in WKB."),
    "issues-list": _(
        "This is the list of issues of a change set, not the data: correct the file that they were found in, and hand in that."
    ),
    "profile-unknown": _("There is no profile “%(name)s”; there are: %(names)s."),
    "crs-form": _("“%(text)s” is no coordinate system: write its EPSG number, for example --crs EPSG:5899."),
    "crs-unknown": _("The register of EPSG knows no coordinate system of places on a map with the number %(srid)s."),
    "crs-withdrawn": _("EPSG:%(srid)s was withdrawn from the register; EPSG:%(meant)s was meant: choose that."),
    "crs-grid": _(
        "All ways from %(name)s (EPSG:%(srid)s) to WGS 84 need grid files (%(grids)s), which are not used here. Have the "
        "file converted to WGS 84 or to a system of this country first."
    ),
    "fix-unknown": _("--fix %(code)s is none of: %(codes)s."),
    "answers-missing": _(
        "Something has to be said before the file can be read; it is listed with what was understood."
    ),
    "column-unknown": _("The file has no column “%(heading)s”; it has: %(columns)s."),
    "field-unknown": _("%(dataset)s has no field “%(field)s”; it has: %(fields)s."),
    "field-twice": _("Several columns are said to hold the same field: %(columns)s. Choose one of them."),
    "field-both": _(
        "The field that the column “%(column)s” is said to hold is also said to be the same in every row. Leave one of the two."
    ),
    "dataset-unsaid": _("The headings do not tell which dataset this file is for: choose it. Columns: %(columns)s."),
    "reading-stopped": _("Reading was stopped: the file needs more time or memory than a file of its size may."),
    "sandbox-missing": _("Files from browsers are not read here: the server lacks its sandbox (bubblewrap)."),
    "file-not-kept": _("The file is no longer in the store: hand it in again."),
    "file-unreadable": _("The file cannot be read: %(reason)s"),
    "repair-unknown": _(
        "Say which kinds of repair are accepted, for example --repair crossings,rings. Unknown: %(said)s. Kinds: %(kinds)s."
    ),
    "dataset-unknown": _("There is no dataset “%(name)s”; there are: %(names)s."),
    "map-form": _("Write --map COLUMN=FIELD, for example --map MAKHU=plot_code."),
    "code-form": _("Write --code FIELD:VALUE=CODE with a code of the list, for example --code land_use:DTS=DSK."),
    "notation-form": _(
        "Write --notation COLUMN=point or COLUMN=comma for what divides off decimals, COLUMN=day-first or "
        "COLUMN=month-first for the order of dates, COLUMN=times:0.001 (or another power of ten) for what the numbers "
        "are multiplied by, COLUMN=as-written where they are right; two together with a comma: COLUMN=comma,as-written."
    ),
    "set-form": _("Write --set FIELD=VALUE, for example --set map_sheet=12."),
    # The libraries of coordinates and of text say it themselves.
    "encoding-unknown": "%(reason)s",
}
# The same where the officer has a form instead of a command line.
ON_PAGE = {
    "fix-unknown": _(
        "The correction that was chosen is none of this coordinate system. Choose the coordinate system again on this page."
    ),
}


class FileError(Exception):
    """The file as a whole cannot be read; the text of its `code`, filled with `params`, says why and what to do.

    It is put into words only where it is shown, so that it can be raised where no language and no settings are known.
    """

    def __init__(self, code: str, /, **params: Any):
        super().__init__(code, params)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        return self.text()

    def text(self, *, on_page: bool = False) -> str:
        """What to tell the reader, in the language that is active; `on_page` for whoever has no command line."""
        from django.utils.translation import gettext  # not at once: the process that reads files would wait for it

        message = (ON_PAGE.get(self.code) if on_page else None) or MESSAGES[self.code]
        return gettext(message) % {name: _shown(value) for name, value in self.params.items()}


def _shown(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
