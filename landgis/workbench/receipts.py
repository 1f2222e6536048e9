"""Receipts: what an officer sends under a key is kept once, however often it is sent, and acknowledged after COMMIT.

A form without a key is answered as ever. With one, whoever sends it again, because the answer was lost or because a button
was pressed twice, gets the answer of the first time, and nothing is done; of two at once one waits for the other.
"""

import datetime
import hashlib
import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.messages import get_messages
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from landgis.accounts.models import User
from landgis.lib import statements
from landgis.lib.answers import PROBLEM, as_problem, plain_json
from landgis.workbench.models import Receipt
from landgis.workbench.people import OfficerRequest, asks_for_data, signed_out

LOCK = 0x72636574  # "rcet"; the second of the two numbers is of the person and the key
KEPT = datetime.timedelta(days=90)
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none is taken for another when it is read out
KEPT_COOKIE, KEPT_COOKIE_S = "landgis-kept", 600
SENDER = "Landgis-Person"  # by whom a script was told to send it
UNSAID = ("csrfmiddlewaretoken", "key")  # of what is sent, what says nothing of the content

View = Callable[..., HttpResponse]


def keep(request: OfficerRequest, address: str, saves: int = 0) -> None:
    """Say that the view keeps what was sent; it can be seen at the address."""
    request.kept = (address, saves)


def kept_at(request: OfficerRequest, name: str, *args: object) -> HttpResponse:
    """To the page of that name, where what was kept can be seen."""
    address = reverse(f"workbench:{name}", args=args)
    keep(request, address)
    return HttpResponseRedirect(address)


def once(view: View) -> View:
    """The view, whose POST with a `key` does what it does once: it says by `keep` that it did."""

    @wraps(view)
    def answered(request: OfficerRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        written = request.POST.get("key", "") if request.method == "POST" else ""
        key = _key(written)
        if key is None:
            if written or (request.method == "POST" and asks_for_data(request)):
                return as_problem(400, _("The request cannot be understood"), detail="key")
            return view(request, *args, **kwargs)
        if request.headers.get(SENDER, str(request.user.pk)) != str(request.user.pk):
            return signed_out()  # somebody else has signed in since
        return _once(request, key, lambda: view(request, *args, **kwargs))

    return answered


def _key(written: str) -> UUID | None:
    try:
        return UUID(written)
    except ValueError:
        return None


def _once(request: OfficerRequest, key: UUID, act: Callable[[], HttpResponse]) -> HttpResponse:
    digest = _digest(request)
    request.kept = None
    with transaction.atomic():
        statements.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [LOCK, f"{request.user.pk} {key}"])
        before = Receipt.objects.filter(person=request.user, key=key).first()
        if before is None:
            answer = act()
            receipt = _written(request, key, digest)
    if before is not None:
        return _again(request, before) if before.digest == digest else _other(request)
    if not asks_for_data(request):
        if receipt:  # so that a script forgets what it keeps of it
            answer.set_cookie(KEPT_COOKIE, str(key), max_age=KEPT_COOKIE_S, secure=request.is_secure(), samesite="Lax")
        return answer
    return _acknowledged(receipt) if receipt else _not_kept(request, answer)


def _digest(request: OfficerRequest) -> str:
    """Of what is sent, and of where; the language of the address says nothing."""
    match = request.resolver_match
    said: list[Any] = (
        [match.view_name, sorted(match.kwargs.items()), match.args, request.GET.urlencode()] if match else []
    )
    said += [(name, texts) for name, texts in request.POST.lists() if name not in UNSAID]
    said += [(name, file.name, file.size) for name, files in request.FILES.lists() for file in files]
    return hashlib.sha256(repr(said).encode()).hexdigest()


def _written(request: OfficerRequest, key: UUID, digest: str) -> Receipt | None:
    if request.kept is None:
        return None
    address, saves = request.kept
    code = "".join(secrets.choice(LETTERS) for _at in range(8))
    made = Receipt(
        person=request.user, key=key, code=f"{code[:4]}-{code[4:]}", digest=digest, address=address, saves=saves
    )
    made.path = request.path[:200]
    made.save()
    made.refresh_from_db()  # the database says when
    return made


def _again(request: OfficerRequest, receipt: Receipt) -> HttpResponse:
    """The answer of the first time."""
    if asks_for_data(request):
        return _acknowledged(receipt)
    at = formats.date_format(timezone.localtime(receipt.at), "SHORT_DATETIME_FORMAT")
    text = _("It was saved at %(at)s already (receipt %(code)s): it was not done a second time.")
    messages.info(request, text % {"at": at, "code": receipt.code})
    return HttpResponseRedirect(receipt.address)


def _acknowledged(receipt: Receipt) -> HttpResponse:
    return plain_json({"receipt": receipt.code, "at": receipt.at, "address": receipt.address, "saves": receipt.saves})


def _other(request: OfficerRequest) -> HttpResponse:
    """A key stands for one content: another one is not taken for it, and nothing of it is lost in silence."""
    title = _("Something else was sent under this key before")
    remedy = _("Nothing was changed. Open the form again and send what you see there.")
    return as_problem(409, title, detail=remedy)


def _not_kept(request: OfficerRequest, answer: HttpResponse) -> HttpResponse:
    """Why nothing was kept, for a script; the page says it in full to whoever sends the form itself."""
    if answer.headers.get("Content-Type", "").startswith(PROBLEM):
        return answer
    texts = [str(one) for one in get_messages(request)] or [_("It was not kept: the form says why.")]
    return plain_json(
        {"errors": {"": " ".join(texts)}}, status=answer.status_code if answer.status_code >= 400 else 409
    )


def of_person(person: User) -> QuerySet[Receipt]:
    """A person's own, the newest first."""
    return Receipt.objects.filter(person=person)


def forget() -> int:
    """Drop those that are older than anything that is still sent again; says how many."""
    return Receipt.objects.filter(at__lt=Now() - KEPT).delete()[0]
