"""Documents and photographs of a change set: enclosed, taken out, and no longer shown to readers."""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from landgis.accounts.models import Role
from landgis.changes.actions import StateError
from landgis.changes.territories import Outside
from landgis.documents import enclosures, pictures, store
from landgis.documents.models import Enclosure
from landgis.lib.parameters import knows
from landgis.workbench import change_sets, enclosed, queues, receipts
from landgis.workbench.people import OfficerRequest, signed_in
from landgis.workbench.views.change_sets import page


@require_POST
@signed_in(Role.OFFICER)
@knows(is_page=True)
@receipts.once
def enclose(request: OfficerRequest, number: int) -> HttpResponse:
    """POST /officer/changes/<id>/documents/: a file that goes with it; for who works on it, until it is handed in."""
    found, _dataset = change_sets.or_404(number, queues.visible(request.user))
    if not enclosures.may_enclose(found, request.user):
        raise Http404
    file, ref = request.FILES.get("file"), request.POST.get("ref", "")
    if file is None:
        return _not_kept(request, number, _("Choose a file."))
    if ref and ref not in enclosed.refs(found):
        raise BadRequest("ref")
    title, is_public, as_it_is = request.POST.get("title", ""), "is_public" in request.POST, "as_it_is" in request.POST
    try:
        made = enclosures.enclose(
            found, file, by=request.user, title=title, ref=ref, is_public=is_public, as_it_is=as_it_is
        )
    except store.Refused as refused:
        return _not_kept(request, number, str(refused))
    except (Outside, StateError):
        raise Http404 from None
    if (shown := pictures.draw(made.name)) and (told := pictures.missing_told(shown)):
        messages.warning(request, told)
    return receipts.kept_at(request, "change-set", number)


def _not_kept(request: OfficerRequest, number: int, why: str) -> HttpResponse:
    """The page with what was typed, and why no file is kept."""
    messages.error(request, why)
    answer = page(request, number, refused="enclose")
    answer.status_code = 400
    return answer


@require_POST
@signed_in(Role.OFFICER)
@knows(is_page=True)
@receipts.once
def step(request: OfficerRequest, number: int, enclosure: int, step: str) -> HttpResponse:
    """POST …/documents/<n>/out/ drops one before it is handed in; …/hide/ shows it to readers no longer, at any time."""
    found, _dataset = change_sets.or_404(number, queues.visible(request.user))
    own = get_object_or_404(Enclosure, pk=enclosure, change_set=found)
    if step not in STEPS:
        raise Http404
    try:
        STEPS[step](own, by=request.user)
    except (Outside, StateError):
        raise Http404 from None
    return receipts.kept_at(request, "change-set", number)


STEPS = {"out": enclosures.take_out, "hide": enclosures.hide}
