"""The issues of a change set as files: a table to work through, and a map layer for QGIS."""

import csv
import io
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from landgis.catalog.dataset import Dataset
from landgis.changes import items
from landgis.changes.models import ChangeSet, Issue
from landgis.ingest.report import ISSUE_COLUMNS, issue_line
from landgis.lib import spreadsheets

AT_ONCE = 2000


def as_csv(change_set: ChangeSet, dataset: Dataset) -> Iterator[str]:
    """RFC 4180, UTF-8 with BOM, piece by piece."""
    yield spreadsheets.BOM + _line(ISSUE_COLUMNS)
    for issue in change_set.issues.order_by("severity", "code", "row", "id").iterator(AT_ONCE):
        line = _line_of(dataset, issue)
        yield _line([spreadsheets.as_text(line[name]) for name in ISSUE_COLUMNS])


def _line_of(dataset: Dataset, issue: Issue) -> dict[str, Any]:
    field = str(dataset.label(issue.field)) if issue.field else ""
    line = issue_line(dataset, issue, on_page=True)
    return line | {"code": issue.code, "severity": issue.severity, "field": field}


def _line(cells: Any) -> str:
    written = io.StringIO()
    csv.writer(written).writerow(cells)
    return written.getvalue()


def as_geopackage(change_set: ChangeSet, dataset: Dataset) -> bytes:
    """One layer `issues`, EPSG:4326: each issue with the boundary of its row, as far as it has one."""
    import geopandas
    import shapely

    issues = list(change_set.issues.order_by("severity", "code", "row", "id"))
    rows = {issue.row for issue in issues if issue.row is not None}
    shapes = _shapes(change_set, dataset, rows)
    lines = [_line_of(dataset, issue) for issue in issues]
    data: dict[str, list[Any]] = {name: [line[name] for line in lines] for name in ISSUE_COLUMNS}
    data["row"] = [line["row"] if line["row"] is not None else -1 for line in lines]
    found = [shapes.get(line["row"]) for line in lines]
    frame = geopandas.GeoDataFrame(data, geometry=[one and shapely.from_wkb(one) for one in found], crs="EPSG:4326")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "issues.gpkg"
        frame.to_file(path, driver="GPKG", layer="issues", geometry_type="Unknown")
        return path.read_bytes()


def _shapes(change_set: ChangeSet, dataset: Dataset, rows: set[int]) -> dict[int, bytes]:
    """Row -> WKB in degrees: the boundary, or what stands for it where it could not be stored."""
    from django.contrib.gis.geos import GEOSGeometry

    if not dataset.geometry:
        return {}
    found = {}
    for item in items.of(change_set).of_rows(rows):
        shape = getattr(item, dataset.geometry)
        if shape is not None:
            found[item.row] = bytes(shape.wkb)
        elif text := (item.raw or {}).get("boundary"):
            found[item.row] = bytes(GEOSGeometry(text).wkb)
    return found
