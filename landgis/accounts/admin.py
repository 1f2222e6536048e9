from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from landgis.accounts.forms import AdminSignInForm
from landgis.accounts.models import User

admin.site.register(User, UserAdmin)
admin.site.login_form = AdminSignInForm
