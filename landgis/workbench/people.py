"""Who may do what on the officers' pages. A stranger is led to the sign-in, whoever lacks the second factor
that the role demands to where it is set up; whoever is signed in without a role is not let in."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from landgis.accounts import factors
from landgis.accounts.models import Role, User
from landgis.changes import audit, responsibility, scopes, territories
from landgis.changes.models import AuditEntry, ChangeSet
from landgis.lib.answers import as_problem
from landgis.workbench.models import Run

View = Callable[..., HttpResponseBase]
LOOK = (Role.OFFICER, Role.APPROVER, Role.PUBLISHER)
HAVE_ACCOUNT = (*LOOK, Role.ADMINISTRATOR)  # pages of their own
READ = (Role.OFFICER, Role.APPROVER)  # what is not public of a feature


class OfficerRequest(HttpRequest):
    """A request that `signed_in` has let through."""

    user: User
    kept: tuple[str, int] | None = None  # address and saves of what its view kept (`receipts`)


def has_any(user: User, *roles: Role) -> bool:
    return user.is_active and (user.is_superuser or user.groups.filter(name__in=roles).exists())


def signed_in(*roles: Role) -> Callable[[View], View]:
    """The view for people with one of the roles (all that may look, if none is named); never kept by anybody."""

    def decorated(view: View) -> View:
        @never_cache
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return signed_out() if asks_for_data(request) else _first(request, "account_login")
            if not has_any(request.user, *(roles or LOOK)):
                raise PermissionDenied
            if factors.is_lacking(request.user):
                return _first(request, "mfa_index")
            return view(request, *args, **kwargs)

        return guarded

    return decorated


def asks_for_data(request: HttpRequest) -> bool:
    """Whether a script sends a form, which reads the answer itself."""
    return request.headers.get("Accept", "").startswith("application/json")


def signed_out() -> HttpResponse:
    """For a script, which has kept what it sent."""
    return as_problem(
        401, _("You are not signed in"), detail=_("Sign in again: what you sent is kept and is sent then.")
    )


def _first(request: HttpRequest, name: str) -> HttpResponseRedirect:
    """To the page of that name, which leads on to the one that was asked for."""
    return HttpResponseRedirect(f"{reverse(name)}?{urlencode({'next': request.get_full_path()})}")


def tell_of_failures(request: HttpRequest | None, user: User, **_told: Any) -> None:
    """Say to whoever signs in how often somebody failed to under that name since the last time."""
    about = AuditEntry.objects.filter(subject=audit.of_person(user.get_username()))
    before = (
        about.filter(verb=audit.SIGNED_IN).order_by("-id").values_list("id", flat=True)[1:2]
    )  # the first is this time
    count = about.filter(verb=audit.FAILED, id__gt=next(iter(before), 0)).count()
    if request is not None and count:
        text = ngettext(
            "Since you last signed in, %(count)s attempt with your name failed. If that was not you, tell the administrator.",
            "Since you last signed in, %(count)s attempts with your name failed. If that was not you, tell the administrator.",
            count,
        )
        messages.warning(request, text % {"count": count}, fail_silently=True)


def must(may: bool) -> None:
    """Refuse with 403 whoever may not."""
    if not may:
        raise PermissionDenied


def may_upload(user: User) -> bool:
    return has_any(user, Role.OFFICER)


def may_edit(user: User) -> bool:
    """Whether the person may propose to change single features."""
    return has_any(user, Role.OFFICER)


def may_answer(user: User) -> bool:
    """Whether the person may answer readers who reported an error."""
    return has_any(user, Role.OFFICER)


def may_read(user: User) -> bool:
    """Whether the person may read what is not public of a feature."""
    return has_any(user, *READ)


def may_read_mail(user: User) -> bool:
    """Whether the person may read whose a mail is: it may concern any territory."""
    return may_read(user) and territories.of(user, *READ).is_whole


def may_decide(user: User, change_set: ChangeSet) -> bool:
    """Whether the person may approve or reject it: who decides in its territory and has no part in it."""
    role = scopes.decider(change_set)
    if responsibility.has_part(change_set, user) or not has_any(user, role):
        return False
    return scopes.may_touch(change_set, user, role)


def may_publish(user: User, change_set: ChangeSet) -> bool:
    """Whether the person may say when what is approved comes into force: who decided on it, and publishers."""
    roles = {scopes.decider(change_set), Role.PUBLISHER}
    if responsibility.has_part(change_set, user) or not has_any(user, *roles):
        return False
    return scopes.may_touch(change_set, user, *roles)


def may_stop(user: User, run: Run) -> bool:
    """Whether the person may stop a run: who asked for it, and every officer."""
    return run.by_id == user.pk or may_upload(user)


def may_prepare(user: User, change_set: ChangeSet) -> bool:
    """Whether the person may submit or withdraw it, or stage its file anew."""
    return has_any(user, Role.OFFICER) and responsibility.may_prepare(change_set, user)
