from django.urls import path

from landgis.imagery import stac, still_views, views

app_name = "imagery"
urlpatterns = [
    path("", stac.catalogue, name="catalogue"),
    path("still.<str:kind>", still_views.still_picture, name="still"),
    path("map.json", views.for_map, name="map"),
    path("outline/<slug:name>/<slug:ref>.webp", views.picture, name="outline"),
    path("outline/<slug:name>/<slug:ref>.jpg", views.picture, {"kind": "jpeg"}, name="outline-jpeg"),
    path("<slug:name>.json", stac.item, name="item"),
    path("<slug:name>/<int:z>/<int:x>/<int:y>.webp", views.tile, name="tile"),
]
