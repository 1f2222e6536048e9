"""Scenes: dated satellite and aerial images."""

from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _


class Scene(models.Model):
    """One image: what it shows, when it was taken, who may use it, and where its pixels are kept.

    `stored` is a file of the store (settings.MEDIA_ROOT), named by the checksum of the file it was made
    from: a cloud-optimised GeoTIFF in EPSG:3857. `footprint` is the box of it, `cover` says where in it there are pixels
    (landgis/imagery/cover.py); without it the file is asked.
    """

    name = models.SlugField(_("name"), max_length=60, unique=True)
    acquired_on = models.DateField(_("acquired on"))
    resolution_m = models.FloatField(_("resolution"), help_text=_("Metres on the ground per pixel."))
    source = models.CharField(_("source"), max_length=200)
    licence = models.CharField(_("licence"), max_length=200)
    attribution = models.CharField(_("attribution"), max_length=200)
    cloud_percent = models.FloatField(_("cloud cover"), null=True, blank=True)
    is_made_up = models.BooleanField(_("made up"), default=False)
    footprint = models.PolygonField(_("footprint"), srid=4326, spatial_index=False)
    legal_srid = models.IntegerField(_("coordinate system of the file"))
    file_name = models.CharField(_("file"), max_length=255)
    file_sha256 = models.CharField(_("checksum of the file"), max_length=64, unique=True)
    stored = models.CharField(_("kept as"), max_length=120)
    stored_sha256 = models.CharField(_("checksum of the kept file"), max_length=64, blank=True)
    cover = models.BinaryField(_("where it has pixels"), null=True, editable=False)
    maxzoom = models.PositiveSmallIntegerField(_("finest zoom"))
    added_at = models.DateTimeField(_("added at"), auto_now_add=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    class Meta:
        verbose_name = _("scene")
        verbose_name_plural = _("scenes")
        ordering = ["-acquired_on", "resolution_m"]
        constraints = [models.CheckConstraint(condition=models.Q(resolution_m__gt=0), name="scene_resolution_positive")]

    def __str__(self) -> str:
        return self.name


class MapArchive(models.Model):
    """An archive of vector tiles from which the base map is cut. Of those that are not withdrawn the last one is shown.

    `stored` is a file of the store (settings.MEDIA_ROOT), named by its checksum, as it was given: what may not be shown is
    cut out when a tile is served. Its sides are degrees.
    """

    name = models.SlugField(_("name"), max_length=60, unique=True)
    schema_name = models.CharField(_("schema"), max_length=40)
    attribution = models.CharField(_("attribution"), max_length=200)
    licence = models.CharField(_("licence"), max_length=200, blank=True)
    is_made_up = models.BooleanField(_("made up"), default=False)
    west = models.FloatField(_("western edge"))
    south = models.FloatField(_("southern edge"))
    east = models.FloatField(_("eastern edge"))
    north = models.FloatField(_("northern edge"))
    minzoom = models.PositiveSmallIntegerField(_("farthest zoom"))
    maxzoom = models.PositiveSmallIntegerField(_("finest zoom"))
    file_name = models.CharField(_("file"), max_length=255)
    file_sha256 = models.CharField(_("checksum of the file"), max_length=64)
    stored = models.CharField(_("kept as"), max_length=120)
    added_at = models.DateTimeField(_("added at"), auto_now_add=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    class Meta:
        verbose_name = _("base map")
        verbose_name_plural = _("base maps")
        ordering = ["-added_at"]

    def __str__(self) -> str:
        return self.name
