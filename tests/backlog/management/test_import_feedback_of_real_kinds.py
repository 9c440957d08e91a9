"""Files as real tools export them are imported."""

from pathlib import Path

import pytest

from backlog.models import (
    Feedback,
    Source,
)
from tests.backlog.management.imports import run
from tests.factories.backlog import SourceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def source() -> Source:
    return SourceFactory.create(key="store")


@pytest.mark.shared
class TestRealFiles:
    @pytest.mark.parametrize(
        ("name", "text", "columns", "stored", "reported"),
        [
            (
                "ko/nsmc_raw_a.csv",
                "review",
                {"date": "date", "rating": "rating", "external_id": "review_id"},
                7_379,
                0,
            ),
            ("en/app_reviews_spotify.csv", "Content", {"external_id": "Review id"}, 1_250, 0),
            (
                "en/cfpb_complaints_1MiB_truncated.csv",
                "Issue",
                {"date": "Date received", "external_id": "Complaint ID"},
                2_067,
                1,
            ),
            ("messy/derived-nsmc-cp949.csv", "review", {"external_id": "review_id"}, 1_500, 0),
            (
                "messy/derived-nsmc-semicolon-utf8.csv",
                "review",
                {"external_id": "review_id"},
                1_500,
                0,
            ),
        ],
    )
    def test_come_in_once(
        self,
        source: Source,
        shared: Path,
        name: str,
        text: str,
        columns: dict[str, str],
        stored: int,
        reported: int,
    ) -> None:
        path = shared / "data" / "datasets" / name

        first = run(path, text=text, **columns)
        second = run(path, text=text, **columns)

        rows = stored + reported
        assert first[0] == f"{rows} rows in = {stored} stored + 0 known + {reported} reported"
        assert second[0] == f"{rows} rows in = 0 stored + {stored} known + {reported} reported"
        assert Feedback.objects.count() == stored
