from django.urls import path

from landgis.mail import views

app_name = "mail"
urlpatterns = [path("mail/stop", views.stop, name="stop")]
