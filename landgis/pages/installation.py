"""What lets the site be installed on a phone and read without a connection: manifest, service worker, offline page."""

import hashlib
import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from landgis.catalog import office
from landgis.lib.answers import as_json
from landgis.lib.parameters import knows

BRAND = "#0b5361"
WORKER = "js/offline/worker.js"
FONT = "@fontsource/be-vietnam-pro"
# What offline pages need at least.
SHELL = ("css/site.css", "css/late.css", "js/boot.js", "js/offline/page.js", "js/offline/register.js", "js/lib/dom.js")
PIECES = ("/tiles/", "/imagery/", "/basemap/", "/pictures/")
# People who are signed in see other things; nothing of theirs is kept on the device. What tells whether tiles are new is
# asked for every few seconds.
NEVER = ("/admin/", "/officer/", "/en/officer/", "/tiles/state.json")


@require_safe
@knows()
def manifest(request: HttpRequest) -> HttpResponseBase:
    """GET /site.webmanifest: name, icons and start of the installed site."""
    profile = office.current().profile
    content = {
        "name": profile.name,
        "short_name": _("Land"),
        "description": _("Plots, lots and plans of the office on satellite images."),
        "lang": translation.get_language(),
        "start_url": reverse("pages:home"),
        "scope": "/",
        "display": "standalone",
        "theme_color": BRAND,
        "background_color": "#ffffff",
        "icons": [
            {"src": static("img/logo.svg"), "sizes": "any", "type": "image/svg+xml"},
            {"src": static("img/icon-192.png"), "sizes": "192x192", "type": "image/png"},
            {"src": static("img/icon-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "any maskable"},
        ],
    }
    return as_json(request, content, media_type="application/manifest+json")


@require_safe
@knows()
def worker(request: HttpRequest) -> HttpResponse:
    """GET /worker.js: the service worker; it changes with any file of its shell."""
    letters = [
        f"{settings.VENDOR[FONT]}/be-vietnam-pro-{script}-400-normal.woff2" for script in ("latin", "vietnamese")
    ]
    offline = {code: _in_language(code, "pages:offline") for code, _title in settings.LANGUAGES}
    shell = [*(static(name) for name in (*SHELL, *letters)), *offline.values()]
    config: dict[str, Any] = {
        "version": hashlib.sha256(" ".join(shell).encode()).hexdigest()[:12],
        "shell": shell,
        "static": settings.STATIC_URL,
        "pieces": PIECES,
        "never": NEVER,
        "offline": offline,
    }
    text = Path(str(finders.find(WORKER))).read_text(encoding="utf-8")
    response = HttpResponse(f"const CONFIG = {json.dumps(config)};\n{text}", content_type="text/javascript")
    response["Cache-Control"] = "no-cache"
    return response


def _in_language(code: str, name: str) -> str:
    with translation.override(code):
        return reverse(name)


@require_safe
@knows(is_page=True)
def offline(request: HttpRequest) -> HttpResponse:
    """GET /offline: what is shown instead of a page that cannot be reached and was never read."""
    return render(request, "pages/offline.html", {"without_data": True})
