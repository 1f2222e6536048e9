"""The page of a feature as a PDF: what touches it, what not, where no data are, with a way back to the page.

Made of the same facts as the page.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import segno
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string

from landgis.lib.answers import unless_known
from landgis.pages.pdf import pdf_of

KEPT_S = 600  # making one takes a second or two


def answer(
    request: HttpRequest,
    context: Mapping[str, Any],
    url: str,
    name: str,
    template: str = "pages/paper.html",
    leaner: Sequence[Mapping[str, Any]] = (),
) -> HttpResponseBase:
    """The PDF of a feature; `context` is that of its page, `url` the absolute address to which the paper leads, `name`
    that of the file. With `leaner` contexts it is the first of all of them that fits on one sheet.
    """
    shown = {**context, "url": url, "qr": qr(url)}
    htmls = [render_to_string(template, {**shown, **less}, request) for less in ({}, *leaner)]
    digest = hashlib.sha256(htmls[0].encode()).hexdigest()[:32]
    about = {"Content-Type": "application/pdf", "Content-Disposition": f'inline; filename="{name}.pdf"'}
    return unless_known(request, digest, lambda: HttpResponse(_made(htmls, digest, request), headers=about))


def qr(url: str) -> str:
    """The address as a QR code, as a data: address of an SVG picture."""
    return segno.make(url, error="m", micro=False).svg_data_uri(border=0, xmldecl=False)


def _made(htmls: Sequence[str], digest: str, request: HttpRequest) -> bytes:
    """From the cache where the same facts were printed a moment ago."""
    kept: bytes | None = caches["memory"].get(f"paper-{digest}")
    if kept is None:
        kept = pdf_of(request, *htmls, tags=True)
        caches["memory"].set(f"paper-{digest}", kept, KEPT_S)
    return kept
