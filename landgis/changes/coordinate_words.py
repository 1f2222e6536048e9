"""Readings of coordinates, as issues carry them, in the words of readers."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from landgis.catalog.codelists import Label
from landgis.changes import words

# What speaks for a reading, the weightier first.
WITNESSES: dict[str, Label] = {
    "in-force": _("features in force stay where they are"),
    "named": _("it leads to the place that the rows name"),
    "file-name": _("it leads to the place that the name of the file names"),
    "office": _("this office works in that system"),
    "published": _("it leads to a published place"),
}

# What a described system differs in from a known one: (what, as written, as known).
DIFFERENCES: dict[str, Label] = {
    "datum": _("datum %(written)s, not %(known)s"),
    "scale": _("scale factor %(written)s, not %(known)s"),
    "easting": _("false easting %(written)s, not %(known)s"),
    "unit": _("unit of %(written)s m, not %(known)s m"),
}


def filled_in(params: Mapping[str, Any]) -> dict[str, str]:
    """What the texts of issues on coordinates are filled with, beside the parameters themselves."""
    known = {}
    readings = params.get("readings", [])
    if "srid" in params:  # a reading that an option of the command line confirms
        known["option"] = words.option(params)
        known["options"] = " · ".join(words.option(one) for one in readings) or known["option"]
    if "keep" in params:
        known["keep"] = words.option(params["keep"])
    if "name" in params:
        told = [params["name"], params.get("others")]  # issues of before carry names only
        known["readings"] = "; ".join(line(one) for one in readings) or ", ".join(filter(None, told))
    because = params.get("because") or (readings[0]["because"] if readings else [])
    known["witness"] = witness(because)
    known["beside"] = beside(params.get("beside", ""))
    return known


def beside(metres: str) -> str:
    """What a reading leaves open that is told by a place only; nothing where features in force tell more."""
    if metres in ("", "0.0"):
        return ""
    text = gettext(
        "That tells no datum and no scale: if the file has others, the data lie up to %(metres)s m beside. Nothing in force is there to tell."
    )
    return text % {"metres": words.figure(metres)}


def line(reading: Mapping[str, Any]) -> str:
    """A reading in one line: what it is, why, where it leads, and how far from the first."""
    told = [
        differences(reading),
        cause(reading),
        witness(reading["because"]),
        ", ".join(reading["places"]),
        distance(reading),
    ]
    return f"{reading['name']} (EPSG:{reading['srid']}): " + ", ".join(filter(None, told))


def witness(because: Iterable[str]) -> str:
    """What speaks for a reading most of all; nothing where nothing does."""
    return next((str(text) for code, text in WITNESSES.items() if code in because), "")


def differences(reading: Mapping[str, Any]) -> str:
    """What the description of the file differs in from the known system of a reading."""
    told = reading.get("differences", [])
    return ", ".join(str(DIFFERENCES[what]) % {"written": written, "known": known} for what, written, known in told)


def cause(reading: Mapping[str, Any]) -> str:
    return gettext(reading["cause"]) if reading["cause"] else ""


def distance(reading: Mapping[str, Any]) -> str:
    """How far a reading leads from the first one; nothing for the first itself."""
    metres = reading["metres"]
    return "" if metres == "0.0" else gettext("%(metres)s m from the first") % {"metres": words.figure(metres)}
