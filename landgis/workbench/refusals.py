"""What is said to whoever would act outside of the own territory: which features, where they lie, and whose they are."""

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from landgis.changes.territories import Outside, Stranger

MOST_TOLD = 5


def in_words(outside: Outside) -> str:
    """In the reader's language."""
    if not outside.strangers:
        return _("It has been handed over: the office that has it decides.")
    told = "; ".join(_place(one) for one in outside.strangers[:MOST_TOLD])
    count = {"count": formats.number_format(outside.count), "told": told}
    return (
        ngettext(
            "%(count)s feature lies outside of your territory: %(told)s. Nothing was changed.",
            "%(count)s features lie outside of your territory: %(told)s. Nothing was changed.",
            outside.count,
        )
        % count
    )


def _place(stranger: Stranger) -> str:
    said = {
        "ref": stranger.ref,
        "units": ", ".join(stranger.units) or _("commune not known"),
        "responsible": ", ".join(stranger.responsible),
    }
    if stranger.ref:
        return _("%(ref)s in %(units)s, responsible: %(responsible)s") % said
    return _("%(units)s, responsible: %(responsible)s") % said
