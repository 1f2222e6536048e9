"""What the address of an officers' page names: the dataset, the feature that was begun, the change set that is written into."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from landgis.catalog import registry
from landgis.catalog.dataset import Dataset
from landgis.changes.models import ChangeSet, Door
from landgis.workbench import edits, queues
from landgis.workbench.edits import Feature
from landgis.workbench.models import EditKind
from landgis.workbench.people import OfficerRequest


def begun_of(request: OfficerRequest, dataset: Dataset) -> Feature:
    """A new feature, or the one that the person has begun and that the address names."""
    number, into = request.GET.get("draft", ""), into_of(request, dataset)
    begun = edits.of_person(request.user, dataset, into).filter(kind=EditKind.ADD)
    own = get_object_or_404(begun, pk=int(number)) if number.isascii() and number.isdecimal() else None
    return Feature(dataset, own.ref if own else "", None, own, into)


def into_of(request: OfficerRequest, dataset: Dataset) -> ChangeSet | None:
    """The change set of the dataset that is written into, which was handed over; None for one of the person's own."""
    number = request.GET.get("in", "")
    if not number:
        return None
    among = queues.visible(request.user).filter(door=Door.OFFICER, dataset=dataset.name).exclude(responsible="")
    return get_object_or_404(among, pk=int(number) if number.isascii() and number.isdecimal() else 0)


def dataset_of_name(name: str) -> Dataset:
    known = {one.name: one for one in registry.all_datasets()}
    if name not in known:
        raise Http404
    return known[name]
