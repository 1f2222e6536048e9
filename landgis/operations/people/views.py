"""The administrator's pages of people, /officer/people/."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.db.models.functions import Now
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from landgis.accounts import factors
from landgis.accounts.models import Role, User
from landgis.changes import territories
from landgis.lib.parameters import knows
from landgis.operations.people import actions
from landgis.operations.people.forms import InviteForm, PersonForm, RoleForm, StandInForm
from landgis.places.models import Holding
from landgis.workbench.people import OfficerRequest, must, signed_in

View = Callable[..., HttpResponse]
NOT_OVER = Q(until=None) | Q(until__gt=Now())
STAND_IN = {"auto_id": "stand_in_%s"}  # a second form on the page with a field of that name


def administrators(view: View) -> Callable[..., Any]:
    """A view for administrators alone."""

    @signed_in(*Role)
    @wraps(view)
    def guarded(request: OfficerRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        must(territories.administers(request.user))
        return view(request, *args, **kwargs)

    return guarded


def _people() -> Any:
    factor = Authenticator.objects.filter(user=OuterRef("pk"), type__in=factors.FACTORS)
    held = Holding.objects.filter(NOT_OVER).select_related("territory", "stands_in_for__person").order_by("id")
    return User.objects.annotate(has_factor=Exists(factor)).prefetch_related(Prefetch("holdings", held, "held"))


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@administrators
@knows(is_page=True)
def listed(request: OfficerRequest) -> HttpResponse:
    """GET /officer/people/: everybody with roles, territories and the last sign-in. POST invites somebody."""
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        person, link = actions.make(
            said["username"],
            said["last_name"],
            said["email"],
            said["mail_language"],
            by=request.user,
        )
        return _invited(request, person, link)
    context = {"people": _people().order_by("-is_active", "username"), "form": form}
    return render(request, "operations/people.html", context, status=400 if form.errors else 200)


def _invited(request: OfficerRequest, person: User, link: str) -> HttpResponse:
    """On to the person; where no mail goes out, the page says the link, this once."""
    if settings.EMAIL_HOST and person.email:
        messages.success(request, _("The invitation is on its way."))
        return HttpResponseRedirect(reverse("people:one", args=[person.pk]))
    return render(request, "operations/person.html", _context(person.pk) | {"link": link})


def _context(number: int, **forms: Any) -> dict[str, Any]:
    person = get_object_or_404(_people(), pk=number)
    return {
        "person": person,
        "about": PersonForm(instance=person),
        "role": RoleForm(),
        "stand_in": StandInForm(person, **STAND_IN),
        **forms,
    }


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@administrators
@knows(is_page=True)
def one(request: OfficerRequest, number: int) -> HttpResponse:
    """GET /officer/people/<id>/ shows one person; POST does the `step` of STEPS."""
    person = get_object_or_404(User, pk=number)
    if request.method != "POST":
        return render(request, "operations/person.html", _context(number))
    must(request.user.is_superuser or not person.is_superuser)  # nobody comes to may everything by these pages
    step = STEPS.get(request.POST.get("step", ""))
    if step is None:
        raise Http404
    try:
        with transaction.atomic():
            answer = step(request, person)
    except actions.LastAdministrator as error:
        messages.error(request, str(error))
    except IntegrityError:
        messages.error(request, _("The end has to lie in the future."))
    else:
        if answer is not None:
            return answer
    return HttpResponseRedirect(reverse("people:one", args=[number]))


def _wrong(request: OfficerRequest, person: User, **forms: Any) -> HttpResponse:
    return render(request, "operations/person.html", _context(person.pk, **forms), status=400)


def _about(request: OfficerRequest, person: User) -> HttpResponse | None:
    form = PersonForm(request.POST, instance=person)
    if not form.is_valid():
        return _wrong(request, person, about=form)
    person.save(update_fields=["last_name", "email", "mail_language"])
    return None


def _give(request: OfficerRequest, person: User) -> HttpResponse | None:
    form = RoleForm(request.POST)
    if not form.is_valid():
        return _wrong(request, person, role=form)
    said = form.cleaned_data
    actions.give(person, Role(said["role"]), said["territory"], said["until"], by=request.user)
    return None


def _stand_in(request: OfficerRequest, person: User) -> HttpResponse | None:
    form = StandInForm(person, request.POST, **STAND_IN)
    if not form.is_valid():
        return _wrong(request, person, stand_in=form)
    actions.let_stand_in(person, form.cleaned_data["holding"], form.cleaned_data["until"], by=request.user)
    return None


def _take(request: OfficerRequest, person: User) -> None:
    number = request.POST.get("holding", "")
    found = Holding.objects.filter(NOT_OVER, person=person, pk=int(number) if number.isdecimal() else 0).first()
    if found is not None:
        actions.take(found, by=request.user)


def _invite(request: OfficerRequest, person: User) -> HttpResponse | None:
    must(person.is_active and not person.has_usable_password())
    return _invited(request, person, actions.invite(person, by=request.user))


def _begin(request: OfficerRequest, person: User) -> HttpResponse | None:
    must(not person.is_active)
    return _invited(request, person, actions.begin(person, by=request.user))


STEPS: dict[str, Callable[[OfficerRequest, User], HttpResponse | None]] = {
    "about": _about,
    "give": _give,
    "stand-in": _stand_in,
    "take": _take,
    "invite": _invite,
    "begin": _begin,
    "factor": lambda request, person: actions.take_factors(person, by=request.user),
    "sign-out": lambda request, person: actions.sign_out(person, by=request.user),
    "end": lambda request, person: actions.end(person, by=request.user),
}
