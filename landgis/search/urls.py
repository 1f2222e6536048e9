from django.urls import path

from landgis.search import entrance, views

# Pages speak the reader's language by their address, data by `?lang=`.
pages = ([path("search", views.results, name="results"), path("p", entrance.lead, name="parcel")], "search")
data = ([path("search", views.suggest, name="suggest")], "search-data")
