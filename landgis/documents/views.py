"""Documents as files: handed over to be kept or opened elsewhere, and never run here."""

from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from landgis.catalog import queries as catalog
from landgis.catalog.exits import told_to_robots
from landgis.documents import queries, store
from landgis.documents.kinds import MEDIA_TYPES
from landgis.lib.answers import unless_known
from landgis.lib.parameters import knows
from landgis.lib.text import fold


@require_safe
@knows("as_of")
def file(request: HttpRequest, name: str) -> HttpResponseBase:
    """GET /documents/<name>: the file, while a row that readers see names it; like one that never was otherwise."""
    shown = queries.published_as(name, catalog.parse_as_of(request.GET.get("as_of")))
    if shown is None or not store.is_kept(name):
        raise Http404
    words = [shown.said.get(key) or "" for key in ("title", "number")]
    called = slugify(fold(" ".join(words).replace("/", "-")))[:80]
    return told_to_robots(shown.dataset, handed_over(request, name, called))


def handed_over(request: HttpRequest, name: str, called: str) -> HttpResponseBase:
    """A file that is kept, as an attachment that runs nothing; 304 for whoever has it."""
    ending = name.rpartition(".")[2]

    def attached() -> FileResponse:
        return FileResponse(
            store.path_of(name).open("rb"),
            as_attachment=True,
            filename=f"{called or name[:12]}.{ending}",
            content_type=MEDIA_TYPES[ending],
        )

    answer = unless_known(request, name, attached)
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
