"""A pasted link: to our own map or pages, or to a place on Google Maps or OpenStreetMap, or a geo: address.

Nothing is fetched: only what the text of the link says is used.
"""

import re
from urllib.parse import unquote, urlsplit

from django.utils.translation import gettext as _

from landgis.catalog.dataset import REF
from landgis.search.answers import Reading
from landgis.search.hits import hits_of
from landgis.search.points import features_at
from landgis.search.questions import Question
from landgis.search.readers.coordinates import at_point
from landgis.search.refs import by_ref

_DEGREES = r"(-?\d{1,3}(?:\.\d+)?)"
# In a link, latitude and longitude: the sign of a place before where the map looked.
LATITUDE_FIRST = (
    re.compile(rf"!3d{_DEGREES}!4d{_DEGREES}"),  # the place of a Google link
    re.compile(rf"[?&](?:q|query|ll|daddr|destination|center|cp|sll|loc)=(?:loc:)?{_DEGREES}(?:,|~|\s)\s*{_DEGREES}"),
    re.compile(rf"[?&]mlat={_DEGREES}&mlon={_DEGREES}"),
    re.compile(rf"[?&]lat={_DEGREES}&(?:lon|lng)={_DEGREES}"),
    re.compile(rf"@{_DEGREES},{_DEGREES}"),  # the middle of a Google map
    re.compile(rf"/(?:place|search|dir/[^/]*)/{_DEGREES},\s*{_DEGREES}"),
    re.compile(rf"#(?:map=)?\d{{1,2}}(?:\.\d+)?/{_DEGREES}/{_DEGREES}"),  # OpenStreetMap, and our own
    re.compile(rf"^geo:{_DEGREES},{_DEGREES}"),
)
_IS_LINK = re.compile(r"\s*(?:https?://|www\.|geo:)", re.I)
_SHORT = re.compile(r"(?:^|//)(?:maps\.app\.goo\.gl|goo\.gl|g\.co|osm\.org/go|bit\.ly)/", re.I)


def read(question: Question, limit: int) -> Reading | None:
    """What a link says; None for a text that is none."""
    if not _IS_LINK.match(question.text):
        return None
    link = unquote(question.text).replace("+", " ").strip()
    for pattern in LATITUDE_FIRST:
        if (found := pattern.search(link)) and abs(float(found[1])) <= 90 and abs(float(found[2])) <= 180:
            point = (float(found[2]), float(found[1]))
            told = {"lat": f"{point[1]:.6f}", "lon": f"{point[0]:.6f}"}
            understood = _("Map link: latitude %(lat)s, longitude %(lon)s") % told
            return at_point(point, features_at([point])[0], limit, understood=understood)
    if _SHORT.search(link):
        return Reading(
            _("Shortened link"),
            notes=[_("A shortened link hides its place. Open it, then paste the long address that the browser shows.")],
        )
    return _page(question.text) or Reading(
        _("Link"),
        notes=[_("This link names no place that can be read. Paste coordinates, or a link to a point on a map.")],
    )


def _page(link: str) -> Reading | None:
    """A link to a page of a feature, such as the code on a printed sheet holds: the ref is its last part."""
    parts = [part for part in urlsplit(link.strip()).path.split("/") if part]
    if not parts:
        return None
    ref = parts[-1].rsplit(".", 1)[0] if parts[-1].endswith((".json", ".geojson", ".pdf")) else parts[-1]
    if not REF.fullmatch(ref):
        return None
    hits = hits_of(by_ref(ref))
    return Reading(_("Link to %(ref)s") % {"ref": ref}, hits) if hits else None
