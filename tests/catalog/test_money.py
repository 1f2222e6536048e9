"""Amounts in words: never more exact than a headline, never a thousand of the smaller scale."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from landgis.catalog import money
from landgis.catalog.money import Currency, in_figures, in_headline, in_sentence, short_amount
from landgis.vn.country import VIETNAM


@pytest.fixture
def no_country() -> Iterator[None]:
    money.use(Currency())
    yield
    money.use(VIETNAM.currency)


@pytest.mark.parametrize(
    ("amount", "vi", "en"),
    [
        (0, "0", "0"),
        (500_000, "500.000", "500,000"),
        (1_000_000, "1 triệu", "1 million"),
        (12_649_999, "12,6 triệu", "12.6 million"),
        (941_000_000, "941 triệu", "941 million"),
        (999_960_000, "1 tỷ", "1 billion"),
        (1_240_000_000, "1,24 tỷ", "1.24 billion"),
        (2_466_000_000, "2,466 tỷ", "2.466 billion"),
        (1_234_567_890_123, "1.234,568 tỷ", "1,234.568 billion"),
        (-5_000_000, "-5 triệu", "-5 million"),
    ],
)
def test_amounts(amount: int, vi: str, en: str) -> None:
    with translation.override("vi"):
        assert short_amount(amount) == vi
    with translation.override("en"):
        assert short_amount(amount) == en


def test_money_has_the_currency_of_the_country() -> None:
    amount = 1_240_000_000
    with translation.override("vi"):
        assert (in_sentence(amount), in_headline(amount), str(money.UNIT)) == ("1,24 tỷ đồng", "1,24 tỷ", "đ")
    with translation.override("en"):
        assert in_sentence(amount) == in_headline(amount) == "1.24 billion VND"
        assert str(money.UNIT) == "VND"
    assert in_figures(1_240_000) == "1\xa0240\xa0000 đ"


@pytest.mark.usefixtures("no_country")
def test_without_a_country_an_amount_stands_alone() -> None:
    with translation.override("en"):
        assert in_sentence(1_240_000_000) == in_headline(1_240_000_000) == "1.24 billion"
    assert in_figures(1_240_000) == "1\xa0240\xa0000"
    assert not money.UNIT
