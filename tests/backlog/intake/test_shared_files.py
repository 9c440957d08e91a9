"""Real files, from the published data: what is in them comes out."""

import csv
import json
from collections import Counter
from pathlib import Path

import pytest

from backlog.errors import TableError
from backlog.intake import files
from backlog.intake.files import Row
from backlog.intake.problems import BadRow

pytestmark = pytest.mark.shared


@pytest.fixture
def datasets(shared: Path) -> Path:
    return shared / "data" / "datasets"


def read(path: Path) -> tuple[list[dict[str, str]], list[BadRow]]:
    table = list(files.open_table(path))
    good = [row.cells for row in table if isinstance(row, Row)]
    return good, [row for row in table if isinstance(row, BadRow)]


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("ko/nsmc_raw_a.csv", 7_379, {}),
        ("ko/nsmc_test_bom.csv", 9_999, {}),
        ("en/app_reviews_spotify.csv", 1_250, {}),
        ("en/app_reviews_annotated_features.csv", 971, {"too_few_cells": 1_091}),
        ("en/feature_query_spotify_create_playlist.csv", 43, {}),
        ("en/cfpb_complaints_1MiB_truncated.csv", 2_067, {"truncated": 1}),
        ("messy/clevercsv-imdb-escapechar.csv", 100, {}),
        ("messy/frictionless-accent.csv", 2, {}),
        ("messy/frictionless-doublequote.csv", 5, {}),
        ("messy/frictionless-invalid.csv", 0, {"too_few_cells": 2, "too_many_cells": 1}),
        ("messy/frictionless-issue-493.csv", 9, {}),
    ],
)
def test_every_record_is_accounted_for(
    datasets: Path, name: str, good: int, bad: dict[str, int]
) -> None:
    rows, refused = read(datasets / name)

    assert len(rows) == good
    assert Counter(row.code for row in refused) == bad


@pytest.mark.parametrize("name", ["ko/nsmc_raw_a.csv", "en/app_reviews_spotify.csv"])
def test_clean_files_are_read_as_the_csv_module_reads_them(datasets: Path, name: str) -> None:
    with (datasets / name).open(encoding="utf-8-sig", newline="") as file:
        assert read(datasets / name)[0] == list(csv.DictReader(file))


def test_the_truncated_record_is_reported_with_its_line(datasets: Path) -> None:
    path = datasets / "en" / "cfpb_complaints_1MiB_truncated.csv"

    (cut,) = read(path)[1]

    lines = path.read_text().splitlines()
    assert (cut.line, cut.code) == (len(lines), "truncated")
    assert lines[-1].startswith(cut.excerpt[:40])


@pytest.mark.parametrize("name", ["cp949", "semicolon-utf8"])
def test_encodings_and_delimiters_make_no_difference(datasets: Path, name: str) -> None:
    rows, refused = read(datasets / "messy" / f"derived-nsmc-{name}.csv")

    assert len(rows) == 1_500
    assert not refused
    assert rows == read(datasets / "messy" / "derived-nsmc-utf8bom-crlf.csv")[0]


@pytest.mark.parametrize(
    "name", ["comma_in_quotes", "empty", "newlines", "simple", "simple_crlf", "utf8"]
)
def test_csv_spectrum_is_read_as_published(datasets: Path, name: str) -> None:
    place = datasets / "messy" / "csv-spectrum"

    assert read(place / f"{name}.csv")[0] == json.loads((place / f"{name}.json").read_text())


def test_an_empty_file_is_refused(datasets: Path) -> None:
    with pytest.raises(TableError):
        files.open_table(datasets / "messy" / "frictionless-empty.csv")


def test_blank_and_repeated_headers_get_names(datasets: Path) -> None:
    blank = files.open_table(datasets / "messy" / "frictionless-blank-headers.csv")
    repeated = files.open_table(datasets / "messy" / "frictionless-duplicate-headers.csv")

    assert blank.columns == ["id", "column 2", "age"]
    assert repeated.columns[0] == "id (column 1)"
    assert len(set(repeated.columns)) == 5
