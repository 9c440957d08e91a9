"""How dates read in Korean."""

from datetime import datetime

import pytest
from django.utils import formats, translation

NINE_IN_THE_EVENING = datetime(2026, 3, 2, 21, 5)  # noqa: DTZ001 -- as a clock on the wall


class TestADateInKorean:
    @pytest.mark.parametrize(
        ("name", "written"),
        [
            ("DATE_FORMAT", "2026년 3월 2일"),
            ("DATETIME_FORMAT", "2026년 3월 2일 오후 9:05"),
            ("SHORT_DATE_FORMAT", "2026. 3. 2."),
            ("SHORT_DATETIME_FORMAT", "2026. 3. 2. 21:05"),
        ],
    )
    def test_is_written_as_koreans_write_it(self, name: str, written: str) -> None:
        with translation.override("ko"):
            assert formats.date_format(NINE_IN_THE_EVENING, name) == written
