"""What the columns of a list's CSV are: metadata as CSV on the Web has it (W3C, csvw), in the reader's language."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from landgis.catalog import office
from landgis.catalog.dataset import Dataset
from landgis.catalog.exits import through
from landgis.catalog.file_columns import ColumnMeaning, column_meanings
from landgis.lib.answers import as_json
from landgis.lib.parameters import knows

CSVW = "application/csvm+json"
TYPES = {"integer": "integer", "number": "number", "date": "date"}  # the others are words there


@require_safe
@through("lists", "tables")
@knows()
def list_csv_metadata(request: HttpRequest, dataset: Dataset) -> HttpResponseBase:
    """GET /<path>.csv-metadata.json, to which the CSV leads by its Link header."""
    content = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": get_language()}],
        "url": request.build_absolute_uri(reverse("pages:list-csv", args=[dataset])),
        "dc:title": str(dataset.title_plural),
        "dc:description": str(dataset.description),
        "dc:creator": str(dataset.attribution or office.current().profile.name),
        **({"dc:license": dataset.licence.url or str(dataset.licence.name)} if dataset.licence else {}),
        "tableSchema": {"columns": [_column(one) for one in column_meanings(dataset)], "primaryKey": "ref"},
    }
    return as_json(request, content, media_type=CSVW)


def _column(one: ColumnMeaning) -> dict[str, Any]:
    said = {
        "dc:description": one.text,
        "dc:source": one.source,
        "dc:conformsTo": one.legal_basis,
        "rdfs:comment": one.accuracy,
        "schema:unitText": one.unit,
    }
    return {
        "name": one.name,
        "titles": one.heading,
        "datatype": TYPES.get(one.type, "string"),
        **{name: text for name, text in said.items() if text},
    }
