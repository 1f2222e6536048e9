from pathlib import Path
from typing import Any

import rasterio
from django.conf import settings
from django.db import migrations, models
from rasterio.errors import RasterioError

from landgis.imagery.cover import cover_of


def note_where_pixels_are(apps: Any, schema_editor: Any) -> None:
    """Of scenes of before. A file that cannot be read now is asked again whenever a picture needs it."""
    for scene in apps.get_model("imagery", "Scene").objects.all():
        try:
            with rasterio.open(Path(settings.MEDIA_ROOT) / scene.stored) as image:
                scene.cover = cover_of(image).encoded()
        except RasterioError:
            continue
        scene.save(update_fields=["cover"])


class Migration(migrations.Migration):
    dependencies = [
        ("imagery", "0002_checksums"),
    ]

    operations = [
        migrations.AddField(
            model_name="scene",
            name="cover",
            field=models.BinaryField(editable=False, null=True, verbose_name="where it has pixels"),
        ),
        migrations.RunPython(note_where_pixels_are, migrations.RunPython.noop),
    ]
