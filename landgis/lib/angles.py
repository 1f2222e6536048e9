"""Angles as people write them: 10.496, 10,496, 10°29'45.6"N, 10 29 45.6 or 10-29-45.6.

One grammar for searches, which find two of them in a text, and for files, whose columns hold one each.
"""

import re
from collections.abc import Mapping

from landgis.lib.text import fold

Letters = Mapping[str, tuple[str, int]]  # folded letter -> "lat" or "lon", and its sign

NUMBER = r"[+-]?\d{1,3}(?:[.,]\d+)?"
SEXAGESIMAL = re.compile(
    rf"({NUMBER})\s*[°º˚*]\s*(?:(\d{{1,2}}(?:[.,]\d+)?)\s*['′’‘`]\s*(?:(\d{{1,2}}(?:[.,]\d+)?)\s*(?:[\"″”“]|''|′′)?)?)?"
)
_BY_BLANKS = re.compile(r"([+-]?\d{1,3})[ :-]\s*(\d{1,2}(?:[.,]\d+)?)(?:[ :-]\s*(\d{1,2}(?:[.,]\d+)?))?")
_LETTER = re.compile(r"(?P<before>[^\W\d_])?\s*(?P<rest>[+-]?\d.*?)\s*(?P<behind>[^\W\d_])?")
_PLAIN = re.compile(r"([+-]?\d+(?:[.,]\d+)?)")
_hemispheres: dict[str, tuple[str, int]] = {"n": ("lat", 1), "s": ("lat", -1), "e": ("lon", 1), "w": ("lon", -1)}


def register(hemispheres: Mapping[str, str]) -> None:
    """Add the letters of a country, each with the English one that it stands for: "b" for "n"."""
    _hemispheres.update({fold(letter): _hemispheres[meant] for letter, meant in hemispheres.items()})


def letters() -> Letters:
    """What the letters beside an angle say."""
    return dict(_hemispheres)


def read(text: str, known: Letters) -> tuple[float, str]:
    """The degrees of one angle, and "lat" or "lon" where its letter says so. Raises ValueError."""
    found = _LETTER.fullmatch(fold(text).strip())
    if not found or (found["before"] and found["behind"]):
        raise ValueError(text)
    letter = found["before"] or found["behind"]
    if letter and letter not in known:
        raise ValueError(text)
    axis, sign = known[letter] if letter else ("", 1)
    ways = (SEXAGESIMAL, _BY_BLANKS, *([_PLAIN] if letter else ()))
    match = next((match for way in ways if (match := way.fullmatch(found["rest"]))), None)
    if match is None:
        raise ValueError(text)
    return of_match(match) * sign, axis


def of_match(match: re.Match[str]) -> float:
    """Degrees, minutes and seconds as degrees. Raises ValueError where minutes or seconds are more than 60."""
    parts = [abs(float((part or "0").replace(",", "."))) for part in match.groups()]
    if any(part > 60 for part in parts[1:]):
        raise ValueError(match.string)
    sign = -1 if match[0].strip().startswith("-") else 1
    return sign * sum(part / 60.0**power for power, part in enumerate(parts))
