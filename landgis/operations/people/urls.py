from django.urls import path

from landgis.operations.people import territory_views, views

app_name = "people"
urlpatterns = [
    path("", views.listed, name="list"),
    path("<int:number>/", views.one, name="one"),
    path("territories/", territory_views.listed, name="territories"),
    path("territories/<int:number>/", territory_views.one, name="territory"),
]
