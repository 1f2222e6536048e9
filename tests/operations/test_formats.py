"""Numbers and dates as the two readers write them."""

import datetime
from decimal import Decimal

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation

WRITTEN = {
    "vi": ("1.234.567,89", "05/12/2026", "13:05 05/12/2026"),
    "en": ("1,234,567.89", "5 Dec 2026", "5 Dec 2026, 13:05"),
}
TEMPLATE = Template("{{ number }}|{{ day|date }}|{{ moment|date:'SHORT_DATETIME_FORMAT' }}")


@pytest.mark.parametrize("language", WRITTEN)
def test_written(language):
    moment = datetime.datetime(2026, 12, 5, 13, 5)
    values = Context({"number": Decimal("1234567.89"), "day": moment.date(), "moment": moment})
    with translation.override(language):
        assert tuple(TEMPLATE.render(values).split("|")) == WRITTEN[language]


@pytest.mark.parametrize(
    ("language", "text"), [("vi", "05/12/2026"), ("en", "05/12/2026"), ("en", "5 Dec 2026"), ("vi", "2026-12-05")]
)
def test_read_day_first(language, text):
    with translation.override(language):
        assert forms.DateField().clean(text) == datetime.date(2026, 12, 5)


@pytest.mark.parametrize(("language", "text"), [("vi", "1.234.567,89"), ("en", "1,234,567.89")])
def test_numbers_are_read_as_written(language, text):
    with translation.override(language):
        assert forms.DecimalField(localize=True).clean(text) == Decimal("1234567.89")
