"""An empty file store for every test, and small images of known pixels."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from django.core.management import call_command
from django.test import Client
from rasterio.transform import from_origin

GREY = (90, 100, 110)


@pytest.fixture(autouse=True)
def store(tmp_path: Path, settings: Any) -> Path:
    """The folder in which scenes are kept."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture
def client(empty_world: str) -> Iterator[Client]:
    return Client()


def image(path: Path, west: float, north: float, pixel: float, size: int = 400, **about: Any) -> Path:
    """A GeoTIFF of one colour in EPSG:5899; `square` = (first row, first column, side, colour) is drawn on it."""
    colour, square, bands = about.pop("colour", GREY), about.pop("square", None), about.pop("bands", 3)
    dtype = about.pop("dtype", "uint8")
    pixels = np.zeros((bands, size, size), dtype)
    for band in range(bands):
        pixels[band] = colour[band % 3]
        if square:
            row, column, side, paint = square
            pixels[band, row : row + side, column : column + side] = paint[band % 3]
    profile = {
        "driver": "GTiff", "width": size, "height": size, "count": bands, "dtype": dtype, "crs": "EPSG:5899",
        "transform": from_origin(west, north, pixel, pixel), **about,
    }  # fmt: skip
    with rasterio.open(path, "w", **profile) as file:
        file.write(pixels)
    return path


def add(path: Path, *, acquired: str = "2026-02-20", **options: Any) -> None:
    """`manage.py scene add`, in this process."""
    told = {"source": "Sample", "licence": "CC0-1.0", "attribution": "Sample & Co", **options}
    arguments = [f"--{name.replace('_', '-')}" + ("" if value is True else f"={value}") for name, value in told.items()]
    call_command("scene", "add", str(path), f"--acquired={acquired}", *arguments, verbosity=0)
