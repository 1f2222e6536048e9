from django.urls import path

from landgis.tiles import views

app_name = "tiles"
urlpatterns = [
    path("state.json", views.state, name="state"),
    path("<slug:name>.json", views.tilejson, name="tilejson"),
    path("<slug:name>/<int:z>/<int:x>/<int:y>.mvt", views.tile, name="tile"),
]
styles = ([path("<slug:name>.json", views.style, name="style")], "styles")
