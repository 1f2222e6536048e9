from django.urls import path

from landgis.pictures import views

JPEG = {"kind": "jpeg"}

app_name = "pictures"
urlpatterns = [
    path("still.<str:kind>", views.still, name="still"),
    path("outline/<slug:name>/<slug:ref>.webp", views.outline, name="outline"),
    path("outline/<slug:name>/<slug:ref>.jpg", views.outline, JPEG, name="outline-jpeg"),
]
# Pages of others and messengers keep the addresses that pictures had under /imagery/.
former = (
    [
        path("still.<str:kind>", views.moved, {"to": "pictures:still"}, name="still"),
        path("outline/<slug:name>/<slug:ref>.webp", views.moved, {"to": "pictures:outline"}, name="outline"),
        path("outline/<slug:name>/<slug:ref>.jpg", views.moved, {"to": "pictures:outline-jpeg"}, name="outline-jpeg"),
    ],
    "former-pictures",
)
