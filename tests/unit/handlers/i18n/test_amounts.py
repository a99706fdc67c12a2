"""Numbers have their thousands, money its mark and two decimals."""

import pytest

from handlers.i18n.amounts import amount


@pytest.mark.parametrize(
    ("hundredths", "currency", "text"),
    [
        (0, None, "0"),
        (120_000, None, "1,200"),
        (1_234_560, None, "12,345.60"),
        (-5, None, "-0.05"),
        (72_000_000_00, "CNY", "¥72,000,000.00"),
        (123_456, "USD", "US$1,234.56"),
        (-123_456, "EUR", "-€1,234.56"),
        (100, "JPY", "JPY 1.00"),
    ],
)
def test_a_number_has_its_thousands_and_money_its_mark(hundredths, currency, text):
    assert amount(hundredths, currency=currency) == text
