"""Files of documents in the form of one feature: a cell of a list names a file that is kept, and a new one takes its place."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, QueryDict
from django.urls import reverse

from landgis.catalog.dataset import Dataset
from landgis.documents import pictures, store
from landgis.documents.kinds import MEDIA_TYPES
from landgis.workbench.edit_fields import MOST_ROWS

NEW, OUT = "-new", "-out"
ACCEPTED = ",".join(f".{ending}" for ending in MEDIA_TYPES)


def said_by(request: HttpRequest, dataset: Dataset) -> QueryDict:
    """What a form says, with each file that came with it kept and named in its cell.

    A file that cannot be kept is told to the person, and the cell says what it said before.
    """
    said = request.POST.copy()
    for cell in _cells(dataset):
        if f"{cell}{OUT}" in said:
            said[cell] = ""
        if file := request.FILES.get(f"{cell}{NEW}"):
            try:
                said[cell] = name = store.keep_handed(file)
            except store.Refused as refused:
                messages.error(request, str(refused))
                continue
            shown = pictures.draw(name)
            if told := shown and pictures.missing_told(shown):
                messages.warning(request, f"“{file.name}”: {told}")
    return said


def control(name: str, text: str) -> dict[str, Any]:
    """What the cell of a file has beside its name and its text."""
    told = store.told(text)
    address = reverse("workbench:document", args=[text]) if told else ""
    shown = pictures.of(text) if told else None
    return {
        "is_file": True,
        "told": told or text,
        "url": address,
        "picture": reverse("workbench:document-page", args=[text, 1]) if shown and shown.sizes else "",
        "new": name + NEW,
        "out": name + OUT,
        "accept": ACCEPTED,
    }


def _cells(dataset: Dataset) -> Iterator[str]:
    for field in dataset.fields:
        for part in field.parts:
            if part.is_file:
                yield from (f"{field.name}-{at}-{part.name}" for at in range(MOST_ROWS))
