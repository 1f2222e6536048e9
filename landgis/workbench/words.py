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
    "The file does not say its coordinate system (it says: %(said)s). Say it with --crs, for example "
    "--crs EPSG:5899.": _("The file does not say its coordinate system (it says: %(said)s). Choose it below."),
}


def of_error(message: str, params: Mapping[str, Any]) -> str:
    """The error of a run in the reader's language."""
    return str(FileError(ON_PAGE.get(message, message), **params))
