from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("auctions", "0005_natural_order")]

    operations = [
        migrations.AddField(
            model,
            "explanation",
            models.CharField(max_length=500, null=True, verbose_name="explanation of the office"),
        )
        for model in ("lot", "lotitem")
    ]
