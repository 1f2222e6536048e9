from django.urls import path

from landgis.operations.people import views

app_name = "people"
urlpatterns = [
    path("", views.listed, name="list"),
    path("<int:number>/", views.one, name="one"),
]
