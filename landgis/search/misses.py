"""Why nothing was found: one sentence a reason, with the date of the data and the next step.

All of it is told from what is published, so that a thing that is not public is answered like one that never was.
"""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from landgis.catalog import queries as catalog
from landgis.catalog.dataset import Dataset
from landgis.search import spelling
from landgis.search.questions import Question

NO_DATE = "–"


def date_of(dataset: Dataset | None = None) -> str:
    """The day that the newest published data of a dataset, or of all, describe, in words; a dash while there are none.

    The day on which they were published is not it.
    """
    newest = catalog.latest_revision(dataset)
    if newest is None:
        return NO_DATE
    return date_format(newest.source_as_of, "SHORT_DATE_FORMAT") if newest.source_as_of else _("an unknown day")


def of_words(question: Question) -> list[str]:
    """For a question in words: which of them nobody uses, how old the data are, what to do."""
    unknown = spelling.unknown_words(question)
    day = date_of()
    if day == NO_DATE:
        return [_("Nothing has been published here yet.")]
    told = []
    if unknown:
        told.append(
            _("No name published here has the word “%(words)s”. Check its spelling, or leave it out.")
            % {"words": " ".join(unknown)}
        )
    elif codes := of_code(question):
        told += codes
    elif len(question.folded) > 1:
        told.append(_("These words stand in published names, but nowhere together. Leave some of them out."))
    told.append(
        _(
            "Looked through all that is published and in force, data as of %(date)s. What is newer, or is kept "
            "elsewhere, the office named below can tell."
        )
        % {"date": day}
    )
    return told


def of_code(question: Question) -> list[str]:
    """For a question with digits: that nothing has them as they are written."""
    codes = [word for word in question.accented if any(letter.isdigit() for letter in word)]
    if not codes:
        return []
    note = _("Nothing published has “%(codes)s” as it is written here. Compare it with the paper, digit by digit.")
    return [note % {"codes": question.text if question.is_code else " ".join(codes)}]
