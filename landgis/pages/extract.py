"""The extract: one sheet of a feature, with a sketch, the map, its facts, all its dates, and a way to what is printed."""

import datetime
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from django.utils import timezone
from django.utils.formats import date_format

from landgis.catalog import queries
from landgis.catalog.dataset import Moment
from landgis.catalog.pictures import SCENE
from landgis.catalog.subject import Subject
from landgis.pages import sketch
from landgis.pages.part_reader import PartReader

LONGEST = 70  # letters of a fact: what is longer stands on the full sheet
MOST_FACTS, FEWER_FACTS, MOST_DATES = 32, (24, 16, 8, 0), 8
HOUR = datetime.timedelta(hours=1)


def context(subject: Subject, page: Mapping[str, Any]) -> dict[str, Any]:
    """What pages/extract.html shows beside what the `page` of the feature does.

    The subject's state is one without a clock: paper is read later, and nothing on it counts days.
    """
    in_time = PartReader()
    facts = [fact for group in page["groups"] for fact in group["facts"] if _is_short(fact)]
    pictures = page["pictures"] or []
    return {
        "sketch": in_time(sketch.of_area, subject),
        "image": pictures[0] if pictures else None,
        "facts": facts[:MOST_FACTS],
        "dates": in_time(_dates, subject) or [],
        "printed_at": timezone.now(),
    }


def leaner(context: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What to print where long notices leave too little room for all facts: the first of them, which matter most."""
    return [{"facts": context["facts"][:most]} for most in FEWER_FACTS if most < len(context["facts"])]


def query(page: Mapping[str, Any]) -> str:
    """What leads from the paper to what is printed, behind the address of the page: the revision, and the image."""
    as_of = page["as_of"]["number"] if page["as_of"] else queries.latest_number()
    pictures = page["pictures"] or []
    scene = parse_qs(urlsplit(pictures[0].url).query).get(SCENE.name, []) if pictures else []
    return urlencode([("as_of", as_of), *((SCENE.name, one) for one in scene[:1])])


def _is_short(fact: Mapping[str, Any]) -> bool:
    return bool(fact["text"]) and len(str(fact["text"])) <= LONGEST and not str(fact["url"] or "").startswith("geo:")


def _dates(subject: Subject) -> list[dict[str, Any]]:
    """Every date, passed or to come, as it is written; those that will not be are struck out."""
    moments = subject.dataset.moments([subject.row], subject.state) if subject.dataset.moments else ()
    return [
        {
            "what": moment.title.partition(": ")[0],
            "when": _when(moment),
            "place": moment.place,
            "off": moment.is_called_off,
        }
        for moment in list(moments)[:MOST_DATES]
    ]


def _when(moment: Moment) -> str:
    """Of days both; of a deadline, which a calendar shows as the hour before it, its end; else when it begins."""
    begin, end = moment.begin, moment.end
    if isinstance(begin, datetime.datetime):
        return _written(end if moment.is_deadline and end - begin <= HOUR else begin)
    return _written(begin) if begin == end else f"{_written(begin)} – {_written(end)}"


def _written(moment: datetime.date | datetime.datetime) -> str:
    if not isinstance(moment, datetime.datetime):
        return date_format(moment, "SHORT_DATE_FORMAT")
    here = timezone.localtime(moment)
    return f"{date_format(here, 'SHORT_DATE_FORMAT')} {date_format(here, 'TIME_FORMAT')}"
