"""Vietnam: national rules as data and plug-ins.

Nothing imports this package; it registers itself. An installation without it works.
"""

from pathlib import Path

from landgis.lib import geometry, text
from landgis.vn import legacy_text

HERE = Path(__file__).parent


def register() -> None:
    """Register Vietnam's coordinate systems and encodings. Needs no Django; twice is once."""
    geometry.register_crs_file(HERE / "crs.toml")
    text.register_encoding("tcvn3", legacy_text.decode_tcvn3, legacy_text.encode_tcvn3)
