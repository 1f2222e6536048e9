"""What went wrong with a file, said to whoever has a page and no command line."""

from collections.abc import Mapping
from typing import Any

from landgis.ingest.errors import FileError
from landgis.ingest.errors import marked as _

# As the readers of files raise it: as the page says it.
ON_PAGE = {
    "No column of the file was recognised as %(fields)s; say which with --map COLUMN=FIELD, or --set FIELD=VALUE. "
    "Columns: %(columns)s.": _(
        "No column of the file was recognised as %(fields)s. Choose the column below, or write what holds for every row."
    ),
    "The file has several layers; say which with --layer: %(layers)s.": _(
        "The file has several layers: %(layers)s. Write the name of one in “Layer” below."
    ),
    "--fix %(code)s is none of: %(codes)s.": _(
        "The correction that was chosen is none of this coordinate system. Choose the coordinate system again below."
    ),
    "The file does not say its coordinate system (it says: %(said)s). Say it with --crs, for example "
    "--crs EPSG:5899.": _("The file does not say its coordinate system (it says: %(said)s). Choose it below."),
}


def of_error(message: str, params: Mapping[str, Any]) -> str:
    """The error of a run in the reader's language."""
    return str(FileError(ON_PAGE.get(message, message), **params))
