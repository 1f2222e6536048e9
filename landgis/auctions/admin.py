from django.contrib import admin

from landgis.auctions.models import Auction, Lot
from landgis.catalog.read_only import InForceAdmin

admin.site.register([Auction, Lot], InForceAdmin)
