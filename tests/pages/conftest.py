"""What holds for every page that a test makes."""

import logging
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def nothing_is_missing_on_paper(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """WeasyPrint leaves out a picture or a style that it cannot read, and only its log says so."""
    yield
    missing = [
        record.getMessage()
        for when in ("setup", "call")
        for record in caplog.get_records(when)
        if record.name == "weasyprint" and record.levelno >= logging.ERROR
    ]
    assert missing == []
