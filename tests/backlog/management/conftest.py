from pathlib import Path

import pytest

from backlog.management.commands import import_feedback
from backlog.models import Source
from tests.backlog.management.imports import Write
from tests.factories.backlog import SourceFactory


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between two batches, where one writes at a time, an import rests."""
    monkeypatch.setattr(import_feedback, "PAUSE", 0)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def to_file(content: str, encoding: str = "utf-8") -> Path:
        path = tmp_path / "reviews.csv"
        path.write_bytes(content.encode(encoding))
        return path

    return to_file


@pytest.fixture
def source(db: None) -> Source:
    """One whose messages may be in any language."""
    return SourceFactory.create(key="store", language="")
