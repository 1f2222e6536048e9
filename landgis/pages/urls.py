from django.urls import path, register_converter

from landgis.pages import (
    calendars,
    crawlers,
    csv_metadata,
    datasets,
    features,
    feeds,
    guides,
    installation,
    lists,
    tables,
)
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
    path("site.webmanifest", installation.manifest, name="manifest"),
    path("worker.js", installation.worker, name="worker"),
    path("offline", installation.offline, name="offline"),
    path("datasets/", datasets.dataset_list, name="datasets"),
    path("datasets.json", datasets.dataset_list_json, name="datasets-json"),
    path("datasets/<slug:name>/", datasets.dataset, name="dataset"),
    path("datasets/<slug:name>.json", datasets.dataset_json, name="dataset-json"),
    path("guides/<slug:name>/", guides.guide, name="guide"),
    path("<dataset:dataset>/", lists.feature_list, name="list"),
    path("<dataset:dataset>.json", lists.list_json, name="list-json"),
    path("<dataset:dataset>.geojson", lists.list_geojson, name="list-geojson"),
    path("<dataset:dataset>.csv", tables.list_csv, name="list-csv"),
    path("<dataset:dataset>.csv-metadata.json", csv_metadata.list_csv_metadata, name="list-csv-metadata"),
    path("<dataset:dataset>.xlsx", tables.list_xlsx, name="list-xlsx"),
    path("<dataset:dataset>/calendar.ics", calendars.list_calendar, name="list-calendar"),
    path("<dataset:dataset>/feed.atom", feeds.feed, name="list-feed"),
    path("<dataset:dataset>/<ref:ref>/calendar.ics", calendars.feature_calendar, name="feature-calendar"),
    path("<dataset:dataset>/<ref:ref>/", features.feature, name="feature"),
    path("<dataset:dataset>/<ref:ref>/extract.pdf", features.feature_extract, name="feature-extract"),
    path("<dataset:dataset>/<ref:ref>.json", features.feature_json, name="feature-json"),
    path("<dataset:dataset>/<ref:ref>.pdf", features.feature_pdf, name="feature-pdf"),
    path("<dataset:dataset>/<ref:ref>.geojson", features.feature_geojson, name="feature-geojson"),
]

# Outside the languages: one for all of them.
for_crawlers = (
    [
        path("robots.txt", crawlers.robots, name="robots"),
        path("sitemap.xml", crawlers.sitemaps, name="sitemaps"),
        path("sitemap-<slug:section>.xml", crawlers.sitemap, name="sitemap"),
    ],
    "crawlers",
)
