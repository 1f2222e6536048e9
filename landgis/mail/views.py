"""The one page of mail that everybody may open: where whoever gets some ends that."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from landgis.lib.parameters import knows
from landgis.mail import actions, purposes
from landgis.mail.models import Mail


@csrf_exempt  # the token is the right; programs of mail post without a session (RFC 8058)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@knows("token", is_page=True)
def stop(request: HttpRequest) -> HttpResponse:
    """GET /mail/stop?token= shows a button, and changes nothing; POST ends the mails of which one bore the token."""
    token = request.GET.get("token", "")
    mail = Mail.objects.filter(stop_token=token).first() if token.isascii() and token.isprintable() and token else None
    purpose = purposes.get(mail.purpose) if mail else None
    if mail and request.method == "POST":
        actions.stop(mail)
    context = {"title": purpose.title if purpose else "", "found": mail is not None, "done": request.method == "POST"}
    return render(request, "mail/stop.html", context, status=200 if mail else 404)
