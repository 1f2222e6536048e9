"""Registered PROJ pipelines as proj4js writes systems, for maps whose plane is the legal one."""

import re
from typing import Any

from landgis.lib import geometry
from landgis.lib.webmap import RADIUS_M

DEGREES = {"xy_in": "rad", "xy_out": "deg"}
TURNED = ("rx", "ry", "rz")
SHIFT = ("x", "y", "z", *TURNED, "s")
PLAIN = ("cart", "push", "pop", "noop", "unitconvert")


def definition(system: geometry.CRS) -> str:
    """Such as "+proj=tmerc +lon_0=107.75 … +towgs84=…"; empty where the pipeline has a step that proj4js has no word for.

    The constants are those of the pipeline: proj4js turns by small angles in the position-vector convention.
    """
    steps = [_parsed(text) for text in system.pipeline.split("+step")]
    steps = [step for step in steps if step.get("proj") != "pipeline"]
    shifts = [step for step in steps if step.get("proj") == "helmert"]
    others = [step for step in steps if step.get("proj") not in (*PLAIN, "helmert")]
    if len(shifts) > 1 or len(others) > 1 or any("inv" not in one for one in others):
        return ""
    if any("inv" in one or "exact" in one for one in shifts) or (system.in_degrees != (not others)):
        return ""
    projected = {name: value for name, value in others[0].items() if name != "inv"} if others else {"proj": "longlat"}
    if projected["proj"] == "webmerc":
        return f"+proj=merc +a={RADIUS_M} +b={RADIUS_M} +k=1 +nadgrids=@null +no_defs"
    if not {"ellps", "a", "datum"} & projected.keys():
        projected["ellps"] = next((step["ellps"] for step in steps if "ellps" in step), "WGS84")
    words = [f"+{name}" if value is True else f"+{name}={value}" for name, value in projected.items()]
    return " ".join([*words, f"+towgs84={_shift(shifts[0] if shifts else {})}", "+no_defs"])


def _parsed(text: str) -> dict[str, Any]:
    pairs = (word.partition("=") for word in re.findall(r"\+(\S+)", text))
    return {name: value if mark else True for name, mark, value in pairs}


def _shift(step: dict[str, Any]) -> str:
    sign = -1.0 if step.get("convention") == "coordinate_frame" else 1.0
    values = {name: float(step.get(name, 0)) * (sign if name in TURNED else 1.0) for name in SHIFT}
    return ",".join(format(values[name] + 0.0, ".12g") for name in SHIFT)
