import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from backlog import errors
from backlog.models import Source, User
from backlog.operations import sources
from tests.backlog.operations import events
from tests.factories import NOON
from tests.factories.backlog import ProductFactory, SourceFactory


class TestAddSource:
    def test_opens_a_way_in(self, ada: User) -> None:
        product = ProductFactory.create()
        source = sources.add_source(
            key="nps-2026", name="NPS", kind="survey", product=product, by=ada, at=NOON
        )

        source = Source.objects.get(pk=source.pk)
        assert (source.key, source.kind, source.product) == ("nps-2026", "survey", product)
        assert (source.language, source.is_active) == ("", True)
        assert events.kinds() == ["source.added"]

    @pytest.mark.parametrize(
        ("facts", "field"),
        [
            ({"key": "two words"}, "key"),
            ({"key": "taken"}, "key"),
            ({"kind": "rumour"}, "kind"),
            ({"language": "fr"}, "language"),
        ],
    )
    def test_refuses_what_is_not_valid(self, ada: User, facts: dict[str, str], field: str) -> None:
        SourceFactory.create(key="taken")
        wanted = {"key": "nps", "name": "NPS", "kind": "survey"} | facts
        with pytest.raises(ValidationError) as refused:
            sources.add_source(**wanted, by=ada, at=NOON)  # type: ignore[arg-type]
        assert field in refused.value.message_dict
        assert events.kinds() == []

    def test_refuses_a_name_that_cannot_be_stored(self, ada: User) -> None:
        with pytest.raises(errors.UnstorableText):
            sources.add_source(key="nps", name="\x00", kind="survey", by=ada, at=NOON)


class TestEditSource:
    def test_changes_what_differs(self, ada: User) -> None:
        source = SourceFactory.create()
        for _twice in range(2):
            sources.edit_source(source_id=source.pk, name="New", is_active=False, by=ada, at=NOON)

        source.refresh_from_db()
        assert (source.name, source.is_active) == ("New", False)
        assert events.kinds() == ["source.edited"]

    def test_never_shuts_out_customers_answers(self, ada: User) -> None:
        source = sources.answers_source(by=None, at=NOON)
        with pytest.raises(errors.Invalid) as refused:
            sources.edit_source(source_id=source.pk, is_active=False, by=ada, at=NOON)
        assert (refused.value.field, refused.value.code) == ("is_active", "always_open")
        sources.edit_source(source_id=source.pk, name="Answers", by=ada, at=NOON)
        assert Source.objects.get().is_active


class TestAnswersSource:
    def test_is_made_once_in_the_language_of_the_site(self, db: None) -> None:
        with translation.override("ko"):
            expected = translation.gettext("Answers to notices")
        with translation.override("en"):
            first = sources.answers_source(by=None, at=NOON)

        assert sources.answers_source(by=None, at=NOON) == first == Source.objects.get()
        assert (first.kind, first.name) == ("reply", expected)
