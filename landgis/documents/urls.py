from django.urls import re_path

from landgis.documents import store, views

app_name = "documents"
urlpatterns = [re_path(rf"^(?P<name>{store.NAME.pattern})$", views.file, name="file")]
