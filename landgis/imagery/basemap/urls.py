from django.urls import path

from landgis.imagery.basemap import views

app_name = "basemap"
urlpatterns = [
    path("basemap.json", views.tilejson, name="tilejson"),
    path("basemap/<int:z>/<int:x>/<int:y>.mvt", views.tile, name="tile"),
]
