import unicodedata

import pytest

from backlog.errors import TableError
from backlog.intake import columns


class TestNameColumns:
    def test_strips_names_and_gives_blank_ones_a_number(self) -> None:
        assert columns.name_columns([" id ", "", "age"]) == ["id", "column 2", "age"]

    def test_tells_columns_of_one_name_apart(self) -> None:
        assert columns.name_columns(["id", "name", "id"]) == [
            "id (column 1)",
            "name",
            "id (column 3)",
        ]

    def test_never_names_two_columns_the_same(self) -> None:
        header = ["", "column 1", "id", "id", "id (column 3)"]

        assert len(set(columns.name_columns(header))) == len(header)


class TestFindColumn:
    NAMES = ("id (column 1)", "Review", "id (column 3)")

    def test_finds_a_column_by_its_name(self) -> None:
        assert columns.find_column(self.NAMES, " Review ") == "Review"
        assert columns.find_column(self.NAMES, "id (column 3)") == "id (column 3)"

    @pytest.mark.parametrize(
        ("name", "wanted"),
        [
            (unicodedata.normalize("NFD", "의견"), "의견"),
            ("의견", unicodedata.normalize("NFD", "의견")),
            ("Straße", "STRASSE"),
            ("Your\u00a0 name", "your name"),
            ("\u200bemail", "Email"),
            ("ＩＤ", "id"),
        ],
    )
    def test_finds_what_looks_the_same(self, name: str, wanted: str) -> None:
        assert columns.find_column([name, "other"], wanted) == name

    def test_prefers_the_very_name(self) -> None:
        assert columns.find_column(["text", "Text"], "Text") == "Text"
        with pytest.raises(TableError):
            columns.find_column(["text", "Text"], "TEXT")

    def test_refuses_a_name_that_several_have(self) -> None:
        with pytest.raises(TableError, match=r"“id \(column 1\)”, “id \(column 3\)”") as refused:
            columns.find_column(self.NAMES, "id")

        assert refused.value.code == "duplicate_columns"

    def test_lists_the_columns_and_suggests_the_closest(self) -> None:
        with pytest.raises(TableError) as refused:
            columns.find_column(["movie", "Review", "date"], "reveiw")

        assert refused.value.code == "unknown_column"
        assert "“movie”, “Review”, “date”" in str(refused.value)
        assert str(refused.value).count("Review") == 2

    def test_suggests_nothing_far_fetched(self) -> None:
        with pytest.raises(TableError) as refused:
            columns.find_column(["movie"], "xyz")

        assert str(refused.value).count("movie") == 1
