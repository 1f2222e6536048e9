"""Amounts in words: never more exact than a headline, never a thousand of the smaller scale."""

import pytest

from landgis.lib.units import short_amount, short_money


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
    assert short_amount(amount, "vi") == vi
    assert short_amount(amount, "en") == en


def test_money_has_its_currency() -> None:
    assert short_money(1_240_000_000, "VND", "vi") == "1,24 tỷ đồng"
    assert short_money(1_240_000_000, "VND", "en") == "1.24 billion VND"
    with pytest.raises(KeyError):
        short_money(1, "EUR", "vi")
    with pytest.raises(KeyError):
        short_money(1, "VND", "fr")
