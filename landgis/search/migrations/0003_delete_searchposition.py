"""How far the entries have followed stands with those of all followers; they are written anew once."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("search", "0002_places_and_streets")]

    operations = [migrations.DeleteModel("SearchPosition")]
