"""What confirms a reading of the coordinates stood in issues as options of a command line; now it stands as data."""

import re
from typing import Any

from django.db import migrations

OPTION = re.compile(r"--crs EPSG:(\d+)(?: --fix (\S+))?")


def _reading(option: str) -> dict[str, Any]:
    found = OPTION.fullmatch(option)
    return {"srid": int(found[1]), "fix": found[2] or ""} if found else {}


def as_data(apps: Any, schema_editor: Any) -> None:
    issues = apps.get_model("changes", "Issue").objects.filter(code__in=["crs-missing", "crs-doubtful"])
    for issue in issues.filter(params__has_key="option").iterator():
        issue.params |= _reading(issue.params.pop("option"))
        if "keep" in issue.params:
            issue.params["keep"] = _reading(issue.params["keep"])
        issue.save(update_fields=["params"])


def as_options(apps: Any, schema_editor: Any) -> None:
    issues = apps.get_model("changes", "Issue").objects.filter(code__in=["crs-missing", "crs-doubtful"])
    for issue in issues.filter(params__has_key="fix").iterator():
        issue.params["option"] = _option(issue.params["srid"], issue.params.pop("fix"))
        if issue.code == "crs-doubtful":
            del issue.params["srid"]
        if "keep" in issue.params:
            issue.params["keep"] = _option(**issue.params["keep"])
        issue.save(update_fields=["params"])


def _option(srid: int, fix: str) -> str:
    return f"--crs EPSG:{srid}" + (f" --fix {fix}" if fix else "")


class Migration(migrations.Migration):
    dependencies = [("changes", "0002_since")]

    operations = [migrations.RunPython(as_data, as_options)]
