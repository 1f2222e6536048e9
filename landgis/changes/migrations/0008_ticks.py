from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("changes", "0007_checksums"),
        ("catalog", "0006_clock"),
    ]

    operations = [
        migrations.AddField(
            model_name="position",
            name="tick",
            field=models.BigIntegerField(db_default=0, verbose_name="tick"),
        ),
    ]
