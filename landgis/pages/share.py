"""A QR code that leads from paper or another screen to a page of this site."""

import io

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from landgis.lib.filters import FilterError
from landgis.lib.parameters import knows

LONGEST = 1000


@require_safe
@knows("to")
def qr(request: HttpRequest) -> HttpResponse:
    """GET /qr.svg?to=/lots/A-1/: the code of a full address of this site; of no other site."""
    address = request.build_absolute_uri(path_of(request.GET.get("to", "")))
    response = HttpResponse(qr_code(address), content_type="image/svg+xml")
    response["Cache-Control"] = "public, max-age=86400"
    return response


def path_of(text: str) -> str:
    """The path of a page of this site. Raises FilterError for anything that could lead elsewhere."""
    is_ours = text.startswith("/") and not text.startswith(("//", "/\\")) and text.isprintable()
    if not is_ours or len(text) > LONGEST:
        raise FilterError("to", _("Write the path of a page of this site, such as /lots/."))
    return text


def qr_code(address: str) -> bytes:
    """The code as SVG, with its quiet border."""
    import segno

    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="svg", scale=4, border=4, light="#fff", xmldecl=False)
    return out.getvalue()
