"""The codes on papers of Vietnam, for the search: that of a parcel and the number under a bar code."""

import re

from django.utils.translation import gettext as _

from landgis.search import gazetteer, misses, places
from landgis.search.answers import Reading
from landgis.search.hits import Found, hits_of
from landgis.search.points import features_at
from landgis.search.questions import Question
from landgis.search.readers.coordinates import at_point
from landgis.search.refs import by_code

# GeoHash of 12 characters, Circular 19/2026/TT-BNNMT, Annex I; all of Vietnam lies in the cell w.
PARCEL_CODE = re.compile(r"w[0-9b-hjkmnp-z]{11}")
NEARLY_PARCEL_CODE = re.compile(r"(?=[a-z]*\d)w[0-9a-z]{10,12}")
BASE32 = "0123456789bcdefghjkmnpqrstuvwxyz"
# The bar code of a certificate, Circular 10/2024 and those before it: [province] commune, year, number in the archive.
BARCODE = re.compile(r"(?:\d{2})?(?P<commune>\d{5})(?P<year>\d{2})\d{6}")


def read_parcel_code(question: Question, limit: int) -> Reading | None:
    """A parcel's code that nobody has here: it is itself a place, so what lies there today is found.

    What is scanned from a certificate may hold the code among other things.
    """
    parts = re.findall(r"[0-9a-z]+", question.text.lower())
    codes = [part for part in parts if PARCEL_CODE.fullmatch(part) and NEARLY_PARCEL_CODE.fullmatch(part)]
    text = codes[0] if codes else "".join(parts)
    if not NEARLY_PARCEL_CODE.fullmatch(text) or (len(parts) > 1 and not codes):
        return None
    if len(parts) > 1 and (hits := hits_of(by_code(text))):
        return Reading(_("Code of a parcel: %(code)s") % {"code": text}, hits)
    told = {"code": text, "date": misses.date_of()}
    if not PARCEL_CODE.fullmatch(text):
        wrong = sorted(set(text) - set(BASE32))
        note = (
            _("A parcel's code has no letters %(letters)s; compare it with the paper.") % {"letters": ", ".join(wrong)}
            if wrong
            else _("A parcel's code has 12 characters, this has %(count)s.") % {"count": len(text)}
        )
        return Reading(_("Code of a parcel"), notes=[note], is_all=False)
    point = decoded(text)
    inside = features_at([point])[0]
    at = at_point(point, inside, limit, understood=_("Code of a parcel: %(code)s") % told)
    note = (
        _("No parcel with the code %(code)s is in the data of %(date)s. The code names a point; this lies there today:")
        if inside
        else _("No parcel with the code %(code)s is in the data of %(date)s, and nothing published covers its point.")
    )
    return Reading(at.understood, at.hits, [note % told])


def decoded(code: str) -> tuple[float, float]:
    """Longitude and latitude of the middle of a GeoHash cell, in degrees (WGS 84)."""
    bits = "".join(f"{BASE32.index(letter):05b}" for letter in code)
    return _middle(bits[::2], 180.0), _middle(bits[1::2], 90.0)


def _middle(bits: str, limit: float) -> float:
    """The middle of the interval that is left after halving -limit..limit bit by bit."""
    return (int(bits, 2) + 0.5) / 2 ** len(bits) * 2 * limit - limit


def read_barcode(question: Question, limit: int) -> Reading | None:
    """The number under the bar code of a certificate: where and when it was issued, and what to type instead.

    Certificates are not public, so none is looked up, and one that exists is answered like one that does not.
    """
    found = BARCODE.fullmatch("".join(question.text.split()))
    if not found:
        return None
    units = [unit for unit in gazetteer.gazetteer().units.values() if unit.place.code == found["commune"]]
    if not units:
        return None
    names = ", ".join(dict.fromkeys(unit.place.name for unit in units))
    note = _(
        "This is the number of a certificate issued in 20%(year)s, commune code %(code)s (%(names)s). Certificates are "
        "not public. Type the map sheet and the parcel number that stand on it, such as “tờ 12 thửa 345”, and the commune."
    )
    near = [Found(unit.dataset.name, unit.place.ref, "code", unit.is_of_today) for unit in units[:limit]]
    told = {"year": found["year"], "code": found["commune"], "names": names}
    return Reading(_("Bar code of a certificate"), places.with_notes(hits_of(near)), [note % told])
