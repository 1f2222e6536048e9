"""Addresses. Pages speak the reader's language (Vietnamese plain, English under /en/); data do not."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from landgis.accounts import connected
from landgis.pages import urls as pages
from landgis.pictures import urls as pictures
from landgis.search import urls as search
from landgis.tiles import urls as tiles

urlpatterns = [
    path("admin/", admin.site.urls),
    path("tiles/", include(tiles)),
    path("styles/", include(tiles.styles)),
    path("pictures/", include(pictures)),
    path("imagery/", include(pictures.former)),
    path("imagery/", include("landgis.imagery.urls")),
    path("", include("landgis.imagery.basemap.urls")),
    path("documents/", include("landgis.documents.urls")),
    path("api/", include(search.data)),
    path("", include("landgis.operations.urls")),
    path("", include(pages.for_crawlers)),
    path("officer/sign-in/oidc/<slug:provider_id>/back/", connected.back, name="openid_connect_callback"),
    *i18n_patterns(
        path("", include(search.pages)),
        path("officer/", include("landgis.accounts.urls")),
        path("officer/people/", include("landgis.operations.people.urls")),
        path("officer/", include("landgis.workbench.urls")),
        path("", include("landgis.mail.urls")),
        path("", include("landgis.feedback.urls")),
        path("", include("landgis.pages.urls")),
        prefix_default_language=False,
    ),
]

handler400 = "landgis.pages.errors.bad_request"
handler403 = "landgis.pages.errors.forbidden"
handler404 = "landgis.pages.errors.not_found"
handler500 = "landgis.pages.errors.server_error"
