from django.urls import re_path

from landgis.documents import store, views

app_name = "documents"
urlpatterns = [
    re_path(rf"^(?P<name>{store.NAME.pattern})$", views.file, name="file"),
    re_path(rf"^(?P<name>{store.NAME.pattern})/(?P<number>[1-9][0-9]?)\.webp$", views.page, name="page"),
]
