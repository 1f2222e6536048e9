"""What the pill of a cluster says, in the reader's language; the amount in the words of the house."""

import datetime

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from landgis.catalog import contributions, memory, money, queries, registry
from landgis.catalog.clusters import FeatureCluster
from landgis.catalog.dataset import Dataset

LONGEST = 16  # letters of what fits into a pill beside its day
MOST_DAYS = 100  # that a page brings along


def said(dataset: Dataset, cluster: FeatureCluster, as_of: int | None = None) -> str:
    """As "17 lots · from 1.24 billion", with a second line where all belong to one thing; of a feature that stands alone its amount, or what it is."""
    least = None if cluster.least is None else money.short_amount(cluster.least)
    if cluster.number == 1:
        return least or str(dataset.title)
    words = counted(dataset) if least is None else priced(dataset)
    first = words.format(number=number_format(cluster.number, force_grouping=True), least=least)
    return "\n".join([first, *_called(dataset, cluster.together, as_of)])


def _called(dataset: Dataset, together: str | None, as_of: int | None) -> list[str]:
    """The second line: what all belong to, where it is short enough, and its day."""
    if together is None or len(together) > LONGEST:
        return []
    day = days(dataset, as_of).get(together)
    return [f"{together} · {day}" if day else together]


def days(dataset: Dataset, as_of: int | None = None) -> dict[str, str]:
    """The day of each thing that pills name (`map.tiles.together`), now or as of a revision, in the reader's language; of the latest. None where
    their dataset fails: pills stand without."""
    if not dataset.map.tiles.together:
        return {}
    name, _field, moment = dataset.map.tiles.together
    theirs = registry.get(name)

    def read() -> dict[str, datetime.datetime]:
        given = queries.rows(theirs, as_of=as_of, fields=("ref", moment), order=(f"-{moment}", "ref"), limit=MOST_DAYS)
        return {row["ref"]: row[moment] for row in given if row[moment]}

    found, _failed = contributions.each(
        [theirs], lambda one: memory.of_all(("days of pills", dataset.name, as_of), [one], read), "days of pills"
    )
    return {ref: date_format(timezone.localtime(at), "SHORT_DATE_FORMAT") for each in found for ref, at in each.items()}


def meaning(dataset: Dataset) -> str:
    """What the numbers of pills or discs are, for the map's legend."""
    plan, words = dataset.map.tiles, {"what": dataset.counted}
    if not plan.least:
        return _("In a circle: the number of %(what)s.") % words
    words |= {"least": dataset.label(plan.least), "of": _those(dataset)}
    if not plan.least_of:
        return _("“from”: the lowest amount (%(least)s).") % words
    return _("“from”: the lowest amount (%(least)s) of the %(what)s with the state “%(of)s”.") % words


def ground(dataset: Dataset) -> str:
    """What sheets and blocks are, for the map's legend."""
    return _("Outlined: map sheets of %(what)s, nearer by their blocks.") % {"what": dataset.counted}


def lowest(dataset: Dataset) -> str:
    """What `least` of a tile is, for programs."""
    plan, words = dataset.map.tiles, {"what": dataset.label(dataset.map.tiles.least), "of": _those(dataset)}
    return (
        _("%(what)s: the lowest of those with the state “%(of)s”") if plan.least_of else _("%(what)s: the lowest")
    ) % words


def _those(dataset: Dataset) -> str:
    labels = dataset.choices(dataset.map.style.colour_by) if dataset.map.tiles.least_of else {}
    return ", ".join(str(labels.get(code, code)) for code in dataset.map.tiles.least_of)


def counted(dataset: Dataset) -> str:
    """With {number} in it."""
    return f"{{number}} {dataset.counted}"


def priced(dataset: Dataset) -> str:
    """With {number} and {least} in it."""
    least = _("from {least}")
    return f"{counted(dataset)} · {least}"
