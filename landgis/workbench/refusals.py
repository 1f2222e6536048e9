"""What is said to whoever would act outside of the own territory: which features, where they lie, and whose they are."""

from collections.abc import Mapping
from dataclasses import replace

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from landgis.accounts.models import Role, User
from landgis.catalog.dataset import Dataset
from landgis.changes import territories
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


def of_feature(person: User, dataset: Dataset, ref: str, lying: Mapping[str, str] | None) -> str:
    """For the form of a feature: that it lies outside of the person's territory, whose it is and what to do; else empty.

    `lying` is where it would lie by what was typed, as the checks say it; `ref` that of what is in force.
    """
    if lying is not None:
        return _on_form(Stranger("", (lying["units"],) if "units" in lying else (), (lying["responsible"],)))
    try:
        territories.must(person, Role.OFFICER, dataset, [ref] if ref else [])
    except Outside as outside:
        return _on_form(replace(outside.strangers[0], ref=""))
    return ""


def _on_form(stranger: Stranger) -> str:
    return _(
        "It lies outside of your territory: %(place)s. What you write is kept: add it to your change set and hand that in; its page then lets you hand it over to them."
    ) % {"place": _place(stranger)}


def _place(stranger: Stranger) -> str:
    said = {
        "ref": stranger.ref,
        "units": ", ".join(stranger.units) or _("commune not known"),
        "responsible": ", ".join(stranger.responsible),
    }
    if stranger.ref:
        return _("%(ref)s in %(units)s, responsible: %(responsible)s") % said
    return _("%(units)s, responsible: %(responsible)s") % said
