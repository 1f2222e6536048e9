from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("places", "0005_natural_order"),
    ]

    operations = [
        migrations.AlterField(
            model_name="holding",
            name="role",
            field=models.CharField(
                choices=[
                    ("officer", "Officer"),
                    ("approver", "Approver"),
                    ("publisher", "Publisher"),
                    ("analyst", "Analyst"),
                    ("administrator", "Administrator"),
                ],
                max_length=20,
                verbose_name="role",
            ),
        ),
    ]
