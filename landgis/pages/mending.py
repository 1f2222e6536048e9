"""What is said of an address that cannot be understood: what is wrong, what may be meant, and links that mend it."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _

from landgis.lib.filters import FilterError
from landgis.lib.parameters import UnknownParameter
from landgis.pages.errors import problem


def refused(request: HttpRequest, error: FilterError) -> HttpResponse:
    """400, naming the parameter; the nearest that there is stands beside it, for people as links."""
    is_unknown = isinstance(error, UnknownParameter)
    title = (
        _("There is no parameter “%(name)s” here") if is_unknown else _("The parameter “%(name)s” cannot be understood")
    )
    more = {"parameter": error.parameter, "near": list(error.near)}
    if isinstance(error, UnknownParameter):
        more["known"] = list(error.known)
    return problem(
        request,
        400,
        title % {"name": error.parameter},
        str(error),
        _("Correct it in the address, or leave it out."),
        ways=list(_ways(request, error)) if request.method in ("GET", "HEAD") else [],
        more=more,
    )


def _ways(request: HttpRequest, error: FilterError) -> Iterator[dict[str, str]]:
    """The same address with what may be meant in place of what is written, and without it."""
    pairs = [(name, text) for name, texts in QueryDict(request.META.get("QUERY_STRING", "")).lists() for text in texts]
    is_unknown = isinstance(error, UnknownParameter)
    for near in error.near:
        mended = [
            (near if is_unknown else name, text if is_unknown else near)
            if name == error.parameter and (is_unknown or text.strip() == error.params.get("value"))
            else (name, text)
            for name, text in pairs
        ]
        if mended != pairs:
            yield {"label": _("With “%(name)s”") % {"name": near}, "url": _address(request, mended)}
    rest = [(name, text) for name, text in pairs if name != error.parameter]
    if len(rest) < len(pairs):
        yield {"label": _("Without “%(name)s”") % {"name": error.parameter}, "url": _address(request, rest)}


def _address(request: HttpRequest, pairs: list[tuple[str, str]]) -> str:
    query = QueryDict(mutable=True)
    for name, text in pairs:
        query.appendlist(name, text)
    return f"{request.path}?{query.urlencode()}" if pairs else request.path
