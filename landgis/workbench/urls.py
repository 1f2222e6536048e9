from django.urls import path

from landgis.workbench import views

app_name = "workbench"
urlpatterns = [
    path("", views.listed, name="list"),
    path("sign-in/", views.SignIn.as_view(), name="sign-in"),
    path("sign-out/", views.SignOut.as_view(), name="sign-out"),
    path("upload/", views.upload, name="upload"),
    path("runs/<int:number>/", views.run, name="run"),
    path("runs/<int:number>.json", views.run_json, name="run-json"),
    path("runs/<int:number>/cancel/", views.cancel, name="cancel"),
    path("runs/<int:number>/again/", views.run_again, name="run-again"),
    path("changes/<int:number>/", views.change_set, name="change-set"),
    path("changes/<int:number>/items.geojson", views.items, name="items"),
    path("changes/<int:number>/issues.csv", views.issues_csv, name="issues-csv"),
    path("changes/<int:number>/issues.gpkg", views.issues_gpkg, name="issues-gpkg"),
    path("changes/<int:number>/again/", views.again, name="again"),
    path("changes/<int:number>/<slug:step>/", views.step, name="step"),
]
