"""Coordinates in degrees, as people write them: 10.496, 107.17 or 107,17; 10,496 or 10°29'45.6"N 107°10'12"E."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from landgis.lib import angles
from landgis.lib.angles import NUMBER, SEXAGESIMAL
from landgis.lib.text import fold

_labels = {"lat": "lat", "latitude": "lat", "lon": "lon", "lng": "lon", "long": "lon", "longitude": "lon"}
_PLAIN = re.compile(rf"({NUMBER})")
# Degrees, minutes and seconds by words or by blanks: 10 29 45.6, 10-29-45.6, 10d29m45.6s, 10 do 29 phut 45,6 giay.
_UNSIGNED = re.compile(
    r"(?<![\w.,-])(?P<letter>[a-z] ?)?(\d{1,3})(?:\s*(?:d|do|deg|degrees?)\s*|[ :_-])(\d{1,2}(?:[.,]\d+)?)"
    r"(?:\s*(?:m|min|minutes?|phut)\b\s*|(?<=\d)m(?=\d)|[ :_-]|(?=\s*[a-z,;]|\s*$))"
    r"(?:(\d{1,2}(?:[.,]\d+)?)\s*(?:s|sec|seconds?|giay)?(?![\d.,]\d))?"
)
_COMMA_DECIMALS = re.compile(r"^\D*\d{1,3},\d{2,}\D*[;\s]\D*\d{1,3},\d{2,}\D*$")


@dataclass(frozen=True)
class Angle:
    """Degrees, and whether that is a latitude or a longitude, or "" where nothing says so."""

    degrees: float
    axis: str = ""


def register(hemispheres: Mapping[str, str], labels: Mapping[str, str], ignored: Iterable[str] = ()) -> None:
    """Add how a country writes: letters ("b" for "n"), words ("vĩ độ" for "lat"), words that say nothing."""
    angles.register(hemispheres)
    _labels.update({fold(word): axis for word, axis in labels.items()})
    _labels.update({fold(word): "" for word in ignored})


def parse(text: str) -> list[tuple[float, float]]:
    """The points (longitude, latitude) that a text may mean, the likelier first; empty when it is no coordinate."""
    angles = _angles(_signed(fold(text)))
    if len(angles) != 2:
        return []
    first, second = angles
    if first.axis == "lon" or second.axis == "lat":
        pairs = [(first.degrees, second.degrees)]
    elif first.axis == "lat" or second.axis == "lon":
        pairs = [(second.degrees, first.degrees)]
    else:
        pairs = [(second.degrees, first.degrees), (first.degrees, second.degrees)]
    return [(lon, lat) for lon, lat in dict.fromkeys(pairs) if abs(lon) <= 180 and abs(lat) <= 90]


def _signed(text: str) -> str:
    """A folded text with the signs of degrees, minutes and seconds that were left out; it itself where none were."""
    if re.search("[°º˚*]", text):
        return text
    found = list(_UNSIGNED.finditer(text))
    # Two numbers side by side are sheet and parcel, or degrees: only three each, or letters and words, say which.
    if len(found) != 2 or not all(match[4] or re.search("[a-z]", text) for match in found):
        return text
    return _UNSIGNED.sub(
        lambda match: f"{match['letter'] or ''}{match[2]}°{match[3]}'" + (f'{match[4]}"' if match[4] else ""), text
    )


def _angles(text: str) -> list[Angle]:
    """The two angles of a folded text; empty when anything else stands beside them."""
    if _COMMA_DECIMALS.match(text):
        text = re.sub(r"(?<=\d),(?=\d)", ".", text)
    is_marked = bool(re.search("[°º˚]", text))
    pattern = SEXAGESIMAL if is_marked else _PLAIN
    if not is_marked:
        text = re.sub(r"(?<=\d),(?=\s|[+-]?\d)", " ", text)
    found = list(pattern.finditer(text))
    if len(found) != 2:
        return []
    beside = [text[: found[0].start()], text[found[0].end() : found[1].start()], text[found[1].end() :]]
    axes = _axes(beside)
    if axes is None:
        return []
    if not is_marked and not any(axis for axis, _sign in axes) and not all("." in match[0] for match in found):
        return []
    try:
        return [Angle(angles.of_match(match) * sign, axis) for match, (axis, sign) in zip(found, axes, strict=True)]
    except ValueError:
        return []


def _axes(beside: list[str]) -> list[tuple[str, int]] | None:
    """What letters and words before, between and behind two angles say of each; None when they say more."""
    words = [re.findall(r"[^\W\d_]+(?: do\b)?", part) for part in beside]
    known = {**{word: (axis, 1) for word, axis in _labels.items()}, **angles.letters()}
    if any(word not in known for part in words for word in part):
        return None
    before, between, behind = ([known[word] for word in part if known[word][0]] for part in words)
    if before:  # each angle has its word before it
        return [before[-1], between[-1] if between else ("", 1)]
    if behind:  # or behind it
        return [between[0] if between else ("", 1), behind[0]]
    return [between[0], ("", 1)] if between else [("", 1), ("", 1)]
