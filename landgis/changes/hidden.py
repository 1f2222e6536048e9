"""What pages of change sets, issues and reports say in place of a value that the public does not see.

Whoever may read such values reads them on the page of one feature, and it is noted (landgis/workbench/reading.py);
some are read by nobody.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from landgis.catalog.dataset import Dataset

NOT_SHOWN = _("not shown")
HARMLESS = (
    "count",
    "encoding",
    "expected",
    "features",
    "found",
    "length",
    "limit",
    "rows",
    "typed",
)  # parameters of an issue that tell no value


def without_value(dataset: Dataset, field: str, params: Mapping[str, Any], instead: Any = "") -> dict[str, Any]:
    """The parameters of an issue of a field, without the value where the public does not see it."""
    if not dataset.is_hidden(field):
        return dict(params)
    return {name: value if name in HARMLESS else instead for name, value in params.items()}
