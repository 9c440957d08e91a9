from tests.access import document


def test_the_table_in_the_docs_is_the_one_that_is_tested() -> None:
    written = document.PLACE.read_text(encoding="utf-8")

    assert document.MARK in written
    assert written == document.text(written), "run: python -m tests.access"
