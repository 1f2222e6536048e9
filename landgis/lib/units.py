"""Amounts of money in words short enough for a headline. Pure functions: the language is given, never asked for."""

from decimal import ROUND_HALF_UP, Decimal

# language -> (decimal mark, thousands mark, scales from the largest: size, name, decimals that are shown)
_WRITING = {
    "vi": (",", ".", ((10**9, "tỷ", 3), (10**6, "triệu", 1))),
    "en": (".", ",", ((10**9, "billion", 3), (10**6, "million", 1))),
}
_CURRENCIES = {"VND": {"vi": "{amount} đồng", "en": "{amount} VND"}}


def short_amount(amount: int | float | Decimal, language: str) -> str:
    """An amount from a million on in its largest scale: 1240000000 is "1,24 tỷ" (vi) or "1.24 billion" (en).

    Billions are shown to the million, millions to the hundred thousand; what is less is written in full.
    Raises KeyError for a language that is not known here.
    """
    decimal_mark, grouping_mark, scales = _WRITING[language]
    number, name = _rounded(Decimal(amount), 0), ""
    for size, scale, decimals in scales:
        scaled = _rounded(Decimal(amount) / size, decimals)
        if abs(scaled) >= 1:
            number, name = scaled, f" {scale}"
            break
    text = f"{number:,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.translate(str.maketrans(",.", grouping_mark + decimal_mark)) + name


def short_money(amount: int | float | Decimal, currency: str, language: str) -> str:
    """The same with its currency (ISO 4217): "1,24 tỷ đồng" or "1.24 billion VND".

    Raises KeyError for a language or currency that is not known here.
    """
    return _CURRENCIES[currency][language].format(amount=short_amount(amount, language))


def _rounded(number: Decimal, decimals: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
