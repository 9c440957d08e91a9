import pytest
from hypothesis import given
from hypothesis import strategies as st

from backlog import errors
from backlog.models import Account, Outcome
from backlog.rules import text_input

ANY = st.text(st.characters(codec="utf-8"))


class TestStorable:
    @given(words=ANY.filter(lambda words: "\x00" not in words))
    def test_is_the_text_itself(self, words: str) -> None:
        assert text_input.storable(words, field="title") is words

    @given(before=ANY, bad=st.just("\x00") | st.characters(categories=["Cs"]), after=ANY)
    def test_refuses_what_no_database_takes(self, before: str, bad: str, after: str) -> None:
        with pytest.raises(errors.UnstorableText) as refused:
            text_input.storable(before + bad + after, field="title")
        assert (refused.value.code, refused.value.field) == ("unstorable_text", "title")


class TestCheck:
    def test_lets_a_storable_row_pass(self) -> None:
        text_input.check(Outcome(summary={"ko": "이제 됩니다.", "en": "Done."}, missing={}))

    def test_names_the_field_that_cannot_be_stored(self) -> None:
        with pytest.raises(errors.UnstorableText) as refused:
            text_input.check(Account(name="Hanbit", segment="\x00"))
        assert refused.value.field == "segment"

    @pytest.mark.parametrize(
        "nested", [{"en": "\x00"}, {"\x00": 1}, {"en": ["fine", {"deep": "\ud800"}]}]
    )
    def test_looks_inside_json(self, nested: dict[str, object]) -> None:
        with pytest.raises(errors.UnstorableText) as refused:
            text_input.check(Outcome(summary=nested))
        assert refused.value.field == "summary"
