"""A photograph of a phone, too large to be sent, is made smaller in the browser before a report is sent."""

import base64
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from landgis.catalog import queries, registry
from landgis.lib.photographs import MOST_BYTES
from tests.browser.conftest import PHONE, open_before_scripts

pytestmark = pytest.mark.browser
CHOSEN = (
    "() => { const [file] = document.querySelector('[name=picture]').files; return file && [file.size, file.type]; }"
)

SENT = """() => new Promise((done) => {
  const reader = new FileReader();
  reader.onload = () => done(reader.result.split(",")[1]);
  reader.readAsDataURL(document.querySelector("[name=picture]").files[0]);
})"""


def test_a_large_photograph_fits_before_it_is_sent(visit: Callable[..., Any], world: None, tmp_path: Path) -> None:
    ref = queries.rows(registry.get("public-land"), fields=("ref",), limit=1)[0]["ref"]
    grain = np.random.default_rng(1).integers(0, 255, (1600, 2400, 3), dtype=np.uint8)
    large, broken = tmp_path / "IMG_1.JPG", tmp_path / "broken.jpg"
    Image.fromarray(grain).save(large, "JPEG", quality=98)
    broken.write_bytes(b"\xff\xd8" + bytes(MOST_BYTES))
    assert large.stat().st_size > MOST_BYTES
    with visit(f"/feedback/public-land/{ref}/", PHONE, with_map=False) as page:
        page.wait_for_load_state("networkidle")
        page.set_input_files("[name=picture]", large)
        page.wait_for_function(f"() => ({CHOSEN})()[0] < {MOST_BYTES}")
        assert page.evaluate(CHOSEN)[1] == "image/jpeg"
        shown = Image.open(io.BytesIO(base64.b64decode(page.evaluate(SENT))))
        assert shown.width * shown.height <= 2_000_000 and abs(shown.width / shown.height - 1.5) < 0.01
        assert page.locator("[type=submit]").last.is_enabled()
        page.set_input_files("[name=picture]", broken)
        page.get_by_role("alert").get_by_text("4 MB").wait_for()


def test_a_photograph_chosen_before_the_script_came_fits_too(
    visit: Callable[..., Any], world: None, tmp_path: Path
) -> None:
    ref = queries.rows(registry.get("public-land"), fields=("ref",), limit=1)[0]["ref"]
    large = tmp_path / "IMG_2.JPG"
    grain = np.random.default_rng(1).integers(0, 255, (1600, 2400, 3), dtype=np.uint8)
    Image.fromarray(grain).save(large, "JPEG", quality=98)
    with visit("/datasets/", PHONE, with_map=False) as page:
        form = page.url.replace("/datasets/", f"/feedback/public-land/{ref}/")
        let_come = open_before_scripts(page, form, "**/js/photograph.*.js")
        page.set_input_files("[name=picture]", large)
        assert page.evaluate(CHOSEN)[0] > MOST_BYTES
        let_come()
        page.wait_for_function(f"() => ({CHOSEN})()[0] < {MOST_BYTES}")
