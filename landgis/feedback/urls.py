from django.urls import path, re_path

from landgis.feedback import views

app_name = "feedback"
urlpatterns = [
    path("feedback/", views.backlog, name="backlog"),
    path("feedback/mine", views.mine, name="mine"),
    re_path(rf"^feedback/(?P<number>{views.NUMBER.pattern})/$", views.status, name="status"),
    path("feedback/<slug:name>/<slug:ref>/", views.report, name="report"),
]
