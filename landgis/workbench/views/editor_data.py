"""What the map of the editor asks for while somebody draws: the ground round a feature, and what the checks say."""

from collections.abc import Callable
from typing import Any

from django.http import Http404
from django.http.response import HttpResponseBase
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from landgis.accounts.models import Role
from landgis.lib.answers import plain_json
from landgis.lib.parameters import Parameter, knows
from landgis.workbench import checking, edits, passage_checking, passage_pages, surroundings
from landgis.workbench.passage_pages import Asked
from landgis.workbench.people import OfficerRequest, signed_in
from landgis.workbench.views.asked import begun_of, dataset_of_name, into_of


@require_safe
@signed_in(Role.OFFICER)
@knows("ref", "srid", "box", "in", Parameter("others", values=("1",)))
def ground(request: OfficerRequest, name: str) -> HttpResponseBase:
    """GET /officer/edit/<dataset>/ground.json: features in a box, `others` of the other datasets, too."""
    dataset = dataset_of_name(name)
    if not dataset.geometry:
        raise Http404
    said = request.GET
    where = surroundings.box(said.get("srid", ""), said.get("box", ""))
    into = into_of(request, dataset)
    with_others = "others" in said
    ref = said.get("ref", "")
    return plain_json(
        surroundings.collection(dataset, where, request.user, ref=ref, into=into, with_others=with_others)
    )


@sensitive_post_parameters()
@require_POST
@signed_in(Role.OFFICER)
@knows("in")
def checks(request: OfficerRequest, name: str, ref: str) -> HttpResponseBase:
    """POST /officer/edit/<dataset>/<ref>/checks.json with the fields of the form: what it measures, and what is wrong."""
    dataset = dataset_of_name(name)
    found = edits.feature(dataset, ref, request.user, into_of(request, dataset))
    if found.base is None and found.edit is None:
        raise Http404
    return plain_json(checking.of_form(request.user, found, request.POST))


@sensitive_post_parameters()
@require_POST
@signed_in(Role.OFFICER)
@knows("draft", "in")
def new_checks(request: OfficerRequest, name: str) -> HttpResponseBase:
    """POST /officer/edit/<dataset>/new/checks.json: the same of a feature that is not there yet."""
    return plain_json(checking.of_form(request.user, begun_of(request, dataset_of_name(name)), request.POST))


@sensitive_post_parameters()
@require_POST
@signed_in(Role.OFFICER)
@knows("in")
def split_checks(request: OfficerRequest, name: str, ref: str) -> HttpResponseBase:
    """POST /officer/split/<dataset>/<ref>/checks.json: what would come of it."""
    return _passage(request, name, ref, passage_pages.split)


@sensitive_post_parameters()
@require_POST
@signed_in(Role.OFFICER)
@knows("in")
def merge_checks(request: OfficerRequest, name: str, ref: str) -> HttpResponseBase:
    """POST /officer/merge/<dataset>/<ref>/checks.json: the same."""
    return _passage(request, name, ref, passage_pages.merge)


def _passage(request: OfficerRequest, name: str, ref: str, ask: Callable[..., Asked]) -> HttpResponseBase:
    dataset = dataset_of_name(name)
    found = edits.feature(dataset, ref, request.user, into_of(request, dataset))
    if not dataset.geometry_kind.covers or found.row is None:
        raise Http404
    told: dict[str, Any] = passage_checking.of_form(ask(request.user, found, request.POST), found)
    return plain_json(told)
