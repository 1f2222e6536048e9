from django.urls import path, register_converter

from landgis.pages import install, views
from landgis.pages.converters import DatasetConverter, RefConverter
from landgis.pages.embed import embed
from landgis.pages.home import home
from landgis.pages.measure import measure
from landgis.pages.print_map import print_map
from landgis.pages.share import qr

register_converter(DatasetConverter, "dataset")
register_converter(RefConverter, "ref")

app_name = "pages"
urlpatterns = [
    path("", home, name="home"),
    path("embed", embed, name="embed"),
    path("measure.json", measure, name="measure"),
    path("qr.svg", qr, name="qr"),
    path("print.pdf", print_map, name="print"),
    path("site.webmanifest", install.manifest, name="manifest"),
    path("worker.js", install.worker, name="worker"),
    path("offline", install.offline, name="offline"),
    path("<dataset:dataset>/", views.feature_list, name="list"),
    path("<dataset:dataset>.json", views.list_json, name="list-json"),
    path("<dataset:dataset>.geojson", views.list_geojson, name="list-geojson"),
    path("<dataset:dataset>/<ref:ref>/", views.feature, name="feature"),
    path("<dataset:dataset>/<ref:ref>.json", views.feature_json, name="feature-json"),
    path("<dataset:dataset>/<ref:ref>.geojson", views.feature_geojson, name="feature-geojson"),
]
