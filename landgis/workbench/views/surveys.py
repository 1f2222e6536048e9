"""A surveyor's file under the editor: read beside what is in force, taken over shape by shape, and never kept."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from landgis.accounts.models import Role
from landgis.lib.answers import plain_json
from landgis.lib.parameters import knows
from landgis.workbench import corners, edit_forms, edits, surveys
from landgis.workbench.edits import Feature
from landgis.workbench.people import OfficerRequest, signed_in
from landgis.workbench.surveys import SurveyFile
from landgis.workbench.views.asked import begun_of, dataset_of_name, into_of


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in(Role.OFFICER)
@knows("ref", "draft", "in", is_page=True)
def survey(request: OfficerRequest, name: str) -> HttpResponse:
    """GET, POST /officer/survey/<dataset>/: a file whose shapes may become the place of the feature `ref`, or of a new one."""
    found = _asked(request, name)
    seen = _laid(request, found) if request.method == "POST" else SurveyFile()
    context = {
        "dataset": found.dataset,
        "title": edit_forms.title(found),
        "form_url": edit_forms.address(found),
        "base": found.edit.base_revision if found.edit else found.revision,
        "systems": corners.systems(found.dataset, found.base),
        "plane": surveys.plane_of(found, request.POST),
        "most_mb": surveys.most_mb(),
        "survey": seen,
        "form": seen.form,
    }
    return render(request, "workbench/survey.html", context, status=seen.status)


@sensitive_post_parameters()
@require_POST
@signed_in(Role.OFFICER)
@knows("ref", "draft", "in")
def shapes(request: OfficerRequest, name: str) -> HttpResponse:
    """POST /officer/survey/<dataset>/shapes.json with a file: the same for the map of the editor."""
    seen = _laid(request, _asked(request, name))
    systems = [(value, title) for value, title, _is_chosen in seen.form["systems"]] if seen.form else []
    told = {"error": seen.error, "asked": seen.asked, "systems": systems, "system": seen.system, "is_cut": seen.is_cut}
    return plain_json(told | {"shapes": seen.shapes}, status=200 if seen.asked else seen.status)


def _asked(request: OfficerRequest, name: str) -> Feature:
    dataset = dataset_of_name(name)
    if not dataset.geometry:
        raise Http404
    ref = request.GET.get("ref", "")
    if not ref:
        return begun_of(request, dataset)
    found = edits.feature(dataset, ref, request.user, into_of(request, dataset))
    if found.row is None and found.edit is None:
        raise Http404
    return found


def _laid(request: OfficerRequest, found: Feature) -> SurveyFile:
    return surveys.laid(found, [file for file in request.FILES.getlist("file") if file.size], request.POST)
