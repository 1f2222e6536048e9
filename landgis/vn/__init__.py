"""Vietnam: national rules as data and plug-ins.

Nothing imports this package; it registers itself. An installation without it works.
"""

from pathlib import Path

from landgis.lib import geometry, text
from landgis.vn import language, legacy_text, vni

HERE = Path(__file__).parent


def register() -> None:
    """Register Vietnam's coordinate systems, encodings and language. Needs no Django; twice is once."""
    geometry.register_crs_file(HERE / "crs.toml")
    text.register_encoding("tcvn3", legacy_text.decode_tcvn3, legacy_text.encode_tcvn3, guessed=True)
    text.register_encoding("vni", vni.decode_vni, vni.encode_vni, guessed=True)
    text.register_encoding("cp1258", vni.decode_cp1258, vni.encode_cp1258, guessed=True)
    text.register_language("vi", language.likeness)
