"""A sentence that asks for rows of a list: "lots under 1 billion in Phú Mỹ". It leads to the list with these filters."""

from collections.abc import Iterator

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from landgis.catalog import exits, said, sums
from landgis.catalog.addresses import list_address
from landgis.catalog.dataset import Dataset
from landgis.catalog.filters import from_query
from landgis.catalog.said import Said
from landgis.lib.filters import FilterError
from landgis.search.answers import Reading
from landgis.search.hits import Hit
from landgis.search.questions import Question

MATCH = "list"
NEAR = "near"  # is an order and chooses no rows


def read(question: Question, limit: int) -> Reading | None:
    """The list of the rows that are asked for; None for what asks for no amount, day or state, or in words unknown here."""
    found = list(_understood(question.written))
    named = [pair for pair in found if pair[1].is_named] or found
    if not named:
        return None
    fewest = min(len(one.left) for _dataset, one in named)
    best = [(dataset, one) for dataset, one in named if len(one.left) == fewest]
    hits = [hit for dataset, one in best[:limit] if (hit := _hit(dataset, one))]
    notes = [_("Not understood: “%(text)s”.") % {"text": text} for text in best[0][1].left]
    return Reading(hits=hits, notes=notes, is_all=not notes) if hits else None


def _understood(text: str) -> Iterator[tuple[Dataset, Said]]:
    for dataset in exits.datasets("pages", "lists"):
        if dataset.lists.spoken and any(letter.isalpha() for letter in text):
            if not said.understood(dataset, text, with_places=False).is_asking:
                continue
            found = said.understood(dataset, text)
            if len(found.left) <= len(found.pieces):
                yield dataset, found


def _hit(dataset: Dataset, found: Said) -> Hit | None:
    query = found.query()
    where = query.copy()
    for name in (NEAR, said.UNREAD):
        where.pop(name, None)
    try:
        count = sums.count(dataset, from_query(dataset, where))
    except FilterError:
        return None
    address = list_address(dataset.name)
    return Hit(
        title=f"{dataset.title_plural}: {' · '.join(found.pieces)}",
        kind=_("List: %(dataset)s") % {"dataset": dataset.title_plural},
        url=f"{address}?{query.urlencode()}",
        match=MATCH,
        detail=f"{number_format(count, force_grouping=True)} {dataset.counted}",
    )
