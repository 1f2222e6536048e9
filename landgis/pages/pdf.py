"""Pages as PDF. The library is loaded with the first PDF: it is large, and most processes never make one."""

from typing import Any

from django.http import HttpRequest

from landgis.pages import inside


def pdf_of(request: HttpRequest, html: str) -> bytes:
    """The PDF of a page. What it names is taken from this site without the network, and from nowhere else."""
    from weasyprint import HTML
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    root = request.build_absolute_uri("/")

    class Inside(URLFetcher):
        def fetch(self, url: str, headers: dict[str, Any] | None = None) -> URLFetcherResponse:
            if not url.startswith(root):
                raise FatalURLFetchingError(f"{url} is not of this site")
            body, kind = inside.content(request, "/" + url.removeprefix(root))
            return URLFetcherResponse(url, body, {"Content-Type": kind})

    return HTML(string=html, base_url=root, url_fetcher=Inside()).write_pdf()
