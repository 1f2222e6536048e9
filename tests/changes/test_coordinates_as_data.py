"""Change sets of before, whose issues held options of a command line, are shown as those of today."""

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps

from landgis.changes import actions as changes
from landgis.changes import issues
from landgis.changes.models import Door, Issue
from tests import samples

pytestmark = pytest.mark.usefixtures("empty_world")
migration = import_module("landgis.changes.migrations.0003_coordinates_as_data")
OLD: dict[str, dict[str, Any]] = {
    "crs-missing": {"name": "VN-2000", "srid": 5899, "option": "--crs EPSG:5899"},
    "crs-doubtful": {
        "said": "WGS 84 (EPSG:4326)",
        "meant": "VN-2000 (EPSG:5899)",
        "cause": "",
        "metres": "12",
        "option": "--crs EPSG:5899 --fix axes-swapped",
        "keep": "--crs EPSG:4326",
    },
}


def test_options_become_data_and_back() -> None:
    change_set = changes.draft(samples.public_land(), by=None, door=Door.COMMAND_LINE)
    for code, params in OLD.items():
        Issue.objects.create(change_set=change_set, code=code, severity="stop", params=params)
    migration.as_data(apps, None)
    missing, doubtful = (Issue.objects.get(code=code).params for code in OLD)
    assert missing == {"name": "VN-2000", "srid": 5899, "fix": ""}
    assert (doubtful["srid"], doubtful["fix"], doubtful["keep"]) == (5899, "axes-swapped", {"srid": 4326, "fix": ""})
    _message, remedy = issues.text(samples.public_land(), "crs-doubtful", "", doubtful)
    assert OLD["crs-doubtful"]["option"] in remedy and OLD["crs-doubtful"]["keep"] in remedy
    migration.as_data(apps, None)  # twice is once
    migration.as_options(apps, None)
    assert {issue.code: issue.params for issue in Issue.objects.all()} == OLD
