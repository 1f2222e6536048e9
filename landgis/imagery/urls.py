from django.urls import path

from landgis.imagery import stac, views

app_name = "imagery"
urlpatterns = [
    path("", stac.catalogue, name="catalogue"),
    path("map.json", views.for_map, name="map"),
    path("seen.json", views.seen, name="seen"),
    path("<slug:name>.json", stac.item, name="item"),
    path("<slug:name>/<int:z>/<int:x>/<int:y>.webp", views.tile, name="tile"),
]
