"""The page of a feature as a PDF: what touches it, what not, where no data are, with a way back to the page.

Made of the same facts as the page. Nothing is fetched from anywhere: style sheets and fonts are our own files, pictures
are asked of this application itself.
"""

import hashlib
import io
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import segno
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils.cache import get_conditional_response
from PIL import Image

STYLE = "css/paper.css"
KEPT_S = 600  # making one takes a second or two


def answer(request: HttpRequest, context: Mapping[str, Any], url: str, name: str) -> HttpResponse:
    """The PDF of a feature; `context` is that of its page, `url` its absolute address, `name` that of the file."""
    html = render_to_string("pages/paper.html", {**context, "url": url, "qr": qr(url)}, request)
    digest = hashlib.sha256(html.encode()).hexdigest()[:32]
    etag = f'"{digest}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = HttpResponse(_made(html, digest, request), content_type="application/pdf")
        response["ETag"] = etag
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response["Cache-Control"] = "no-cache"
    return response


def qr(url: str) -> str:
    """The address as a QR code, as a data: address of an SVG picture."""
    return segno.make(url, error="m", micro=False).svg_data_uri(border=0, xmldecl=False)


def _made(html: str, digest: str, request: HttpRequest) -> bytes:
    """From the cache where the same facts were printed a moment ago."""
    kept: bytes | None = cache.get(f"paper-{digest}")
    if kept is None:
        kept = document(html, request).write_pdf(pdf_tags=True)
        cache.set(f"paper-{digest}", kept, KEPT_S)
    return kept


def document(html: str, request: HttpRequest) -> Any:
    """The laid-out pages, as WeasyPrint's Document."""
    from weasyprint import CSS, HTML  # loads Pango: only who prints pays for it
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)  # nobody wants a line a page
    logging.getLogger("fontTools").setLevel(logging.WARNING)

    class Inside(URLFetcher):
        """Gives what this installation has itself, and nothing else."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            if url.startswith("data:"):
                return super().fetch(url, headers)
            body, kind = inside(url, request)
            if kind == "image/webp":  # which a PDF would hold pixel by pixel
                body, kind = _jpeg(body), "image/jpeg"
            return URLFetcherResponse(url, body=body, headers={"Content-Type": kind})

    fonts, fetcher = FontConfiguration(), Inside(allowed_protocols=["data"])
    base = request.build_absolute_uri(f"{settings.STATIC_URL}{STYLE}")
    style = CSS(string=_file(STYLE).decode(), base_url=base, url_fetcher=fetcher, font_config=fonts)
    page = HTML(string=html, base_url=request.build_absolute_uri(), url_fetcher=fetcher)
    return page.render(stylesheets=[style], font_config=fonts)


def inside(url: str, request: HttpRequest) -> tuple[bytes, str]:
    """The bytes and the type of an address of this site: a static file, or what a view answers. ValueError else."""
    parts = urlsplit(url)
    if parts.netloc != request.get_host():
        raise ValueError(f"{url} is not of this site")
    if parts.path.startswith(settings.STATIC_URL):
        return _file(parts.path.removeprefix(settings.STATIC_URL)), ""
    try:
        found = resolve(parts.path)
    except Resolver404:
        raise ValueError(f"There is nothing at {url}") from None
    asked = HttpRequest()
    asked.method, asked.path, asked.path_info = "GET", parts.path, parts.path
    asked.GET = QueryDict(parts.query)
    asked.META = {name: request.META[name] for name in ("SERVER_NAME", "SERVER_PORT") if name in request.META}
    response = found.func(asked, *found.args, **found.kwargs)
    if response.status_code != 200:
        raise ValueError(f"{url} answers {response.status_code}")
    return response.content, response["Content-Type"]


def _jpeg(picture: bytes) -> bytes:
    out = io.BytesIO()
    Image.open(io.BytesIO(picture)).convert("RGB").save(out, "JPEG", quality=82)
    return out.getvalue()


def _file(name: str) -> bytes:
    """A static file by its plain name; ValueError where there is none."""
    found = finders.find(name)
    if not found:
        raise ValueError(f"There is no static file {name}")
    return Path(found).read_bytes()
