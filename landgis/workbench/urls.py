from django.urls import path

from landgis.workbench.views import (
    account,
    change_sets,
    decisions,
    desk,
    documents,
    edits,
    mails,
    passages,
    reading,
    redactions,
    reports,
    uploads,
)

app_name = "workbench"
urlpatterns = [
    path("", desk.listed, name="list"),
    path("upload/", uploads.upload, name="upload"),
    path("redactions/", redactions.listed, name="redactions"),
    path("redactions/<int:number>/", redactions.one, name="redaction"),
    path("account/", account.account, name="account"),
    path("reports/", reports.listed, name="reports"),
    path("reports/<str:number>/", reports.one, name="report"),
    path("mail/", mails.listed, name="mails"),
    path("mail/<int:number>/", mails.one, name="mail"),
    path("documents/<str:name>", documents.document, name="document"),
    path("read/", reading.find, name="read"),
    path("runs/<int:number>/", uploads.run, name="run"),
    path("runs/<int:number>.json", uploads.run_json, name="run-json"),
    path("runs/<int:number>/cancel/", uploads.cancel, name="cancel"),
    path("runs/<int:number>/again/", uploads.run_again, name="run-again"),
    path("changes/<int:number>/", change_sets.change_set, name="change-set"),
    path("changes/<int:number>/items.geojson", change_sets.items, name="items"),
    path("changes/<int:number>/issues.csv", change_sets.issues_csv, name="issues-csv"),
    path("changes/<int:number>/issues.gpkg", change_sets.issues_gpkg, name="issues-gpkg"),
    path("changes/<int:number>/again/", change_sets.again, name="again"),
    path("changes/<int:number>/edits/<int:edit>/mend/", edits.mend, name="mend"),
    path("changes/<int:number>/edits/<int:edit>/out/", edits.take_out, name="take-out"),
    path("changes/<int:number>/<slug:step>/", decisions.step, name="step"),
    path("history/<slug:name>/<slug:ref>/", edits.history, name="history"),
    path("edit/<slug:name>/new/", edits.new, name="edit-new"),
    path("edit/<slug:name>/<slug:ref>/", edits.edit, name="edit"),
    path("split/<slug:name>/<slug:ref>/", passages.split, name="split"),
    path("merge/<slug:name>/<slug:ref>/", passages.merge, name="merge"),
    path("<slug:name>/<slug:ref>/", reading.feature, name="feature"),  # the last: it would take the others, too
]
