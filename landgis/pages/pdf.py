"""Pages as PDF. The library is loaded with the first PDF: it is large, and most processes never make one.

Nothing is fetched from anywhere: style sheets, letters and pictures are asked of this application itself.
"""

import io
import logging
import mimetypes
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest
from PIL import Image

from landgis.catalog import pictures
from landgis.lib.reader import check_presence


def pdf_of(request: HttpRequest, html: str, *leaner: str, tags: bool = False) -> bytes:
    """The PDF of a page; of the first that fits on one sheet where there are leaner ones, else of the leanest.

    With `tags` programs can read its structure aloud.
    """
    pages = document(request, html)
    for less in leaner:
        if len(pages.pages) == 1:
            break
        pages = document(request, less)
    check_presence(request)
    return pages.write_pdf(pdf_tags=tags)


def document(request: HttpRequest, html: str) -> Any:
    """The laid-out pages, as WeasyPrint's Document. What is not of this site is not fetched and stops the page."""
    from weasyprint import HTML
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)  # nobody wants a line a page
    logging.getLogger("fontTools").setLevel(logging.WARNING)
    root = request.build_absolute_uri("/")

    class Inside(URLFetcher):
        def fetch(self, url: str, headers: dict[str, Any] | None = None) -> URLFetcherResponse:
            if url.startswith("data:"):
                return super().fetch(url, headers)
            check_presence(request)
            if not url.startswith(root):
                raise FatalURLFetchingError(f"{url} is not of this site")
            body, kind = _content("/" + url.removeprefix(root))
            if kind == "image/webp":  # which a PDF would hold pixel by pixel
                body, kind = _jpeg(body), "image/jpeg"
            return URLFetcherResponse(url, body, {"Content-Type": kind})

    page = HTML(string=html, base_url=root, url_fetcher=Inside(allowed_protocols=["data"]))
    return page.render(font_config=FontConfiguration())


def _content(url: str) -> tuple[bytes, str]:
    """Bytes and type of a static file or of a picture of this site. Raises Http404, FilterError."""
    path = urlsplit(url).path
    if not path.startswith(settings.STATIC_URL):
        return pictures.content(url)
    file = finders.find(path.removeprefix(settings.STATIC_URL))
    if file is None:
        raise FileNotFoundError(path)
    return Path(file).read_bytes(), mimetypes.guess_type(path)[0] or "application/octet-stream"


def _jpeg(picture: bytes) -> bytes:
    out = io.BytesIO()
    Image.open(io.BytesIO(picture)).convert("RGB").save(out, "JPEG", quality=82)
    return out.getvalue()
