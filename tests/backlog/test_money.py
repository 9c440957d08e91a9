"""How sums are written in lists."""

from decimal import Decimal

import pytest
from django.utils import translation

from backlog.templatetags.hearback import money


class TestMoney:
    @pytest.mark.parametrize(
        ("language", "amount", "currency", "written"),
        [
            ("ko", "1230000000", "KRW", "12.3억 원"),
            ("ko", "1200000000", "KRW", "12억 원"),
            ("ko", "98760000000", "KRW", "988억 원"),
            ("ko", "999960000", "KRW", "10억 원"),
            ("ko", "45600", "USD", "4.6만 USD"),
            ("ko", "950", "KRW", "950 원"),
            ("en", "1230000000", "KRW", "KRW 1.2 bn"),
            ("en", "2000000", "USD", "USD 2 m"),
        ],
    )
    def test_is_written_with_the_largest_unit_that_fits(
        self, language: str, amount: str, currency: str, written: str
    ) -> None:
        with translation.override(language):
            assert money(Decimal(amount), currency) == written

    def test_is_nothing_where_nothing_is_known(self) -> None:
        assert money(None, "KRW") == ""
