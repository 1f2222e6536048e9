"""Another name for the model; the table keeps its own, so that nothing is moved."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("ingest", "0001_initial")]

    operations = [
        migrations.AlterModelTable("profile", "ingest_profile"),
        migrations.RenameModel("Profile", "SupplierProfile"),
    ]
