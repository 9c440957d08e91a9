"""The company's own words: written, replaced, refused with a place, and taken back."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from backlog import errors
from backlog.models import Event, MessageTemplate, User
from backlog.operations import message_templates
from tests.factories import NOON
from tests.factories import backlog as make

LATER = NOON + timedelta(hours=1)
NOTHING = dict.fromkeys(MessageTemplate.PARTS, "")
pytestmark = pytest.mark.django_db


def write(by: User | None = None, **more: Any) -> MessageTemplate:
    facts: dict[str, Any] = {
        "occasion": "decided_no",
        "language": "en",
        "headline": "Thank you.",
        "at": NOON,
    }
    return message_templates.write_template(by=by, **(facts | more))


def parts(template: MessageTemplate) -> dict[str, str]:
    return {name: getattr(template, name) for name in MessageTemplate.PARTS}


class TestWriteTemplate:
    def test_keeps_the_parts_with_who_wrote_them_and_what_they_say_on_the_ledger(
        self, mina: User
    ) -> None:
        row = write(mina, subject="{{ product }}: news", opening=" {{ greeting }}\r\nwelcome. ")

        row.refresh_from_db()
        assert parts(row) == {
            "subject": "{{ product }}: news",
            "headline": "Thank you.",
            "opening": "{{ greeting }}\nwelcome.",
            "closing": "",
        }
        assert (row.product, row.edited_by, row.edited_at) == (None, mina, NOON)
        event = Event.objects.get(kind="message_template.written", subject_id=row.pk)
        assert event.data["parts"] == parts(row)
        assert (event.data["occasion"], event.data["language"]) == ("decided_no", "en")

    def test_takes_the_place_of_what_was_written_before(self) -> None:
        first = write(closing="See you.")

        second = write(headline="We thank you.", at=LATER)

        assert second.pk == first.pk
        assert parts(second) == NOTHING | {"headline": "We thank you."}
        assert Event.objects.count() == 2

    def test_changes_nothing_the_second_time(self, mina: User) -> None:
        write()

        assert write(mina, at=LATER).edited_at == NOON
        assert Event.objects.count() == 1

    def test_keeps_products_occasions_and_languages_apart(self) -> None:
        product = make.ProductFactory.create()
        rows = {
            write(product=each, occasion=occasion, language=language).pk
            for each in (None, product)
            for occasion in ("received", "delivered")
            for language in ("ko", "en")
        }

        assert len(rows) == 8

    @pytest.mark.parametrize(
        ("words", "code", "place"),
        [
            ("Dear {{ nmae }}", "placeholder_unknown", "Line 1, character 6"),
            ("Dear\n{{ name", "placeholder_not_closed", "Line 2, character 1"),
            ("name }}", "placeholder_not_opened", "Line 1, character 6"),
        ],
    )
    def test_refuses_what_cannot_be_read_and_says_where(
        self, words: str, code: str, place: str
    ) -> None:
        with translation.override("en"), pytest.raises(errors.Invalid) as refused:
            write(opening=words)

        assert (refused.value.field, refused.value.code) == ("opening", code)
        assert place in str(refused.value)
        assert not MessageTemplate.objects.exists()

    def test_says_what_can_be_filled_in(self) -> None:
        known = r"“nmae”.*\{\{ greeting \}\}, \{\{ name \}\}"
        with translation.override("en"), pytest.raises(errors.Invalid, match=known):
            write(opening="{{ nmae }}")

    def test_makes_one_line_of_a_subject(self) -> None:
        assert write(subject="News\r\nBcc: all@example.org").subject == "News Bcc: all@example.org"

    def test_refuses_what_no_database_keeps(self) -> None:
        with pytest.raises(errors.UnstorableText):
            write(opening="\x00")
        with pytest.raises(ValidationError):
            write(subject="x" * 201)
        with pytest.raises(ValidationError):
            write(occasion="birthday")


class TestResetTemplate:
    def test_goes_back_to_the_built_in_words_once(self, mina: User) -> None:
        row = write()

        for at in (LATER, LATER + timedelta(hours=1)):
            row = message_templates.reset_template(template_id=row.pk, by=mina, at=at)

        assert parts(row) == NOTHING
        assert (row.edited_by, row.edited_at) == (mina, LATER)
        assert Event.objects.filter(kind="message_template.reset").count() == 1
