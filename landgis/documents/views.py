"""Documents: as files that are handed over and never run here, and as pictures of their pages."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from landgis.catalog import queries as catalog
from landgis.catalog.exits import told_to_robots
from landgis.documents import enclosures, pictures, queries, store
from landgis.documents.kinds import MEDIA_TYPES, WEBP
from landgis.lib.answers import conditional, unless_known
from landgis.lib.parameters import knows
from landgis.lib.text import fold


@require_safe
@knows("as_of")
def file(request: HttpRequest, name: str) -> HttpResponseBase:
    """GET /documents/<name>: the file, while readers see a row that names it, or about which it is; like one that never was otherwise."""
    shown = _published_as(request, name)
    if shown is None or not store.is_kept(name):
        raise Http404
    words = [shown.said.get(key) or "" for key in ("title", "number")]
    called = slugify(fold(" ".join(words).replace("/", "-")))[:80]
    return told_to_robots(shown.dataset, handed_over(request, name, called))


@require_safe
@knows("as_of")
def page(request: HttpRequest, name: str, number: str) -> HttpResponseBase:
    """GET /documents/<name>/<number>.webp: the picture of a page, wherever the file itself is handed over."""
    shown = _published_as(request, name)
    drawn = pictures.page(name, int(number)) if shown and store.is_kept(name) else None
    if shown is None or drawn is None:
        raise Http404
    answer = conditional(request, HttpResponse(drawn, content_type=MEDIA_TYPES[WEBP]))
    return told_to_robots(shown.dataset, runs_nothing(answer))


def _published_as(request: HttpRequest, name: str) -> queries.Published | None:
    """Where readers see the file: as a row names it, or as it goes with a change set."""
    as_of = catalog.parse_as_of(request.GET.get("as_of"))
    return queries.published_as(name, as_of) or enclosures.published_as(name, as_of)


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

    return runs_nothing(unless_known(request, name, attached))


def runs_nothing(answer: HttpResponseBase) -> HttpResponseBase:
    """The answer, in which a browser runs nothing."""
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
