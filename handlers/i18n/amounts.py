"""Formats numbers and amounts of money for people."""

from __future__ import annotations

from decimal import Decimal

_MARKS = {"CNY": "¥", "USD": "US$", "EUR": "€", "GBP": "£", "HKD": "HK$"}


def thousands(text: str) -> str:
    """Return a decimal number with a comma between its thousands: "300,000", "1,200.50"."""
    return f"{Decimal(text):,}"


def amount(hundredths: int, *, currency: str | None = None) -> str:
    """Return a number with its thousands: "12,345.60", "1,200", or "¥12,345.60" with a currency.

    Args:
        hundredths: the number times one hundred.
        currency: an ISO 4217 code; money has its mark and always two decimals.
    """
    whole, rest = divmod(abs(hundredths), 100)
    sign = "-" if hundredths < 0 else ""
    text = f"{whole:,}"
    if currency is None:
        return f"{sign}{text}.{rest:02}" if rest else f"{sign}{text}"
    mark = _MARKS.get(currency, f"{currency} ")
    return f"{sign}{mark}{text}.{rest:02}"
