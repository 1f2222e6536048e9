from django.contrib import admin

from landgis.auctions.models import Auction, Lot
from landgis.catalog.admin_pages import InForceAdmin

admin.site.register([Auction, Lot], InForceAdmin)
