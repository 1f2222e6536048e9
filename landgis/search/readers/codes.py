"""A ref or code written out in full, of datasets whose rows have no entries: `26506-12-345`, a parcel's code."""

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from landgis.catalog import lineage
from landgis.catalog.addresses import feature_address
from landgis.search.answers import Reading
from landgis.search.hits import Found, Hit, hits_of
from landgis.search.questions import Question
from landgis.search.refs import Ended, by_code, ended

TODAY, ENDED = "today", "ended"


def read(question: Question, limit: int) -> Reading | None:
    """The features of that ref or code; None where the text is no code, or of nothing here."""
    if not question.is_code:
        return None
    hits = hits_of(by_code(question.text)[:limit])
    return Reading(hits=hits) if hits else None


def guess(question: Question, limit: int) -> Reading | None:
    """What became of the feature that had this ref and is in force no more: its page says more."""
    found = ended(question.text) if question.is_code else None
    if found is None:
        return None
    after = [one for one in lineage.successors(found.dataset, found.ref) if one.is_in_force]
    hits = hits_of([Found(found.dataset.name, one.ref, TODAY) for one in after[:limit]])
    day = date_format(localtime(found.at), "SHORT_DATE_FORMAT") if found.at else ""
    note = (
        _("%(ref)s is in force no more since %(date)s. This lies there today:")
        if hits
        else _("%(ref)s is in force no more since %(date)s, and nothing public has taken its place.")
    )
    return Reading(hits=[*hits, _page_of(found)], notes=[note % {"ref": found.ref, "date": day}])


def _page_of(found: Ended) -> Hit:
    """The page that says what the feature was, which is kept."""
    return Hit(
        title=found.ref,
        kind=str(found.dataset.title),
        url=feature_address(found.dataset.name, found.ref) or "",
        match=ENDED,
        detail=_("no longer in force"),
    )
