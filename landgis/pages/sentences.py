"""The box of a list that takes a sentence: what is understood becomes filters of the address, the rest is told."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict

from landgis.catalog import said
from landgis.catalog.dataset import Dataset
from landgis.catalog.said import UNREAD, Said
from landgis.lib.parameters import Parameter
from landgis.pages.list_form import chip_text, kept

SENTENCE = "q"
LONGEST = 300  # characters


def parameters(dataset: Dataset) -> Iterator[Parameter]:
    """What the address of such a list knows (for `knows`)."""
    if dataset.lists.spoken:
        yield from (Parameter(SENTENCE), Parameter(UNREAD))


def redirected(request: HttpRequest, dataset: Dataset) -> HttpResponse | None:
    """To the list with the filters that a sentence means, if there is one."""
    if SENTENCE not in request.GET:
        return None
    found = said.understood(dataset, request.GET[SENTENCE][:LONGEST])
    query = found.query(without(kept(request.GET)))
    return HttpResponseRedirect(f"?{query.urlencode()}" if query else request.path)


def without(query: QueryDict) -> QueryDict:
    """The query of those who know no sentences."""
    rest = query.copy()
    for name in (SENTENCE, UNREAD):
        rest.pop(name, None)
    return rest


def box(dataset: Dataset, query: QueryDict) -> dict[str, Any]:
    """The box, what stays as it is when it is sent, and what was not understood with the filters that it may be."""
    rest = without(kept(query))
    unread = [
        {"text": text, "ways": list(_ways(dataset, rest, text))} for text in query.get(UNREAD, "").split("; ") if text
    ]
    hidden = [(name, text) for name, texts in rest.lists() for text in texts]
    spoken = dataset.lists.spoken
    return {"sentence": {"hidden": hidden, "unread": unread, "example": spoken.example}} if spoken else {}


def _ways(dataset: Dataset, query: QueryDict, text: str) -> Iterator[dict[str, str]]:
    for pairs in said.ways(dataset, text):
        label = " · ".join(chip_text(dataset, name, value) for name, value in pairs)
        yield {"label": label, "url": f"?{Said(pairs).query(query).urlencode()}"}
