import hashlib
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from hypothesis import given
from hypothesis import strategies as st

from backlog import errors
from backlog.db import bulk
from backlog.models import Consent, Feedback, Source, User
from backlog.operations import feedback
from backlog.operations.feedback import FeedbackData
from backlog.queries import repeats
from tests.backlog.operations import events
from tests.factories import NOON
from tests.factories.backlog import CustomerFactory, ProductFactory, SourceFactory

WORDS = "  결제가 너무 오래 걸려요…\r\n\tPlease FIX it! "
EARLIER = NOON - timedelta(days=9)


@pytest.fixture
def survey(db: None) -> Source:
    return SourceFactory.create(language="ko")


def receive(source: Source, by: User | None = None, **facts: Any) -> tuple[Feedback, bool]:
    incoming = FeedbackData(**{"verbatim": "Too slow."} | facts)
    return feedback.receive_feedback(source=source, incoming=incoming, by=by, at=NOON)


class TestReceiveFeedback:
    def test_keeps_the_words_to_the_character(self, survey: Source) -> None:
        kept, is_new = receive(survey, verbatim=WORDS)

        kept = Feedback.objects.get(pk=kept.pk)
        assert (kept.verbatim, is_new) == (WORDS, True)
        assert "please fix it!" in kept.search_text

    def test_keeps_all_that_came_with_them(self, survey: Source, mina: User) -> None:
        customer, product = CustomerFactory.create(language="en"), ProductFactory.create()
        kept, _is_new = receive(
            survey,
            by=mina,
            customer=customer,
            filed_by=mina,
            external_id="R-1",
            product=product,
            relation="former",
            journey_stage="use",
            said_at=EARLIER,
            readings={"nps": Decimal(3), "stars": Decimal("2.5")},
            raw=b"\xff\x00",
            content_type="application/json",
            payload={"q1": ["Too slow.", 3]},
        )

        kept = Feedback.objects.get(pk=kept.pk)
        assert (kept.source, kept.customer, kept.filed_by) == (survey, customer, mina)
        assert (kept.external_id, kept.product, kept.language) == ("R-1", product, "en")
        assert (kept.relation, kept.journey_stage) == ("former", "use")
        assert (kept.said_at, kept.received_at) == (EARLIER, NOON)
        assert (bytes(kept.raw), kept.payload) == (b"\xff\x00", {"q1": ["Too slow.", 3]})
        readings = kept.readings.order_by("kind").values_list("kind", "value")
        assert list(readings) == [("nps", Decimal(3)), ("stars", Decimal("2.5"))]
        event = events.last()
        assert (event.kind, event.actor, event.data) == (
            "feedback.received",
            mina,
            {"source": survey.pk},
        )

    def test_falls_back_on_what_the_source_knows(self, db: None) -> None:
        source = SourceFactory.create(language="en", product=ProductFactory.create())
        kept, _is_new = receive(source)
        assert (kept.language, kept.product, kept.said_at) == ("en", source.product, NOON)
        assert kept.customer is None
        assert not Consent.objects.exists()

    def test_lets_us_answer_the_customer_about_it(self, survey: Source) -> None:
        customer = CustomerFactory.create()
        kept, _is_new = receive(survey, customer=customer)
        consent = customer.consents.live().get()
        assert (consent.basis, consent.proof) == ("own_request", {"feedback": kept.pk})

    def test_stores_the_same_message_once(self, survey: Source) -> None:
        first, _is_new = receive(survey, external_id="R-1", readings={"nps": Decimal(3)})
        again, is_new = receive(survey, external_id="R-1", verbatim="Edited.")

        assert (again, is_new) == (first, False)
        assert again.verbatim == "Too slow."
        assert events.kinds() == ["feedback.received"]

    def test_knows_messages_by_their_own_source_only(self, survey: Source) -> None:
        receive(survey, external_id="R-1")
        _kept, is_new = receive(SourceFactory.create(), external_id="R-1")
        assert is_new

    def test_keeps_every_message_without_a_number(self, survey: Source) -> None:
        assert [receive(survey)[1], receive(survey)[1]] == [True, True]

    def test_refuses_a_source_that_was_switched_off(self, db: None) -> None:
        with pytest.raises(errors.SourceClosed, match="Survey"):
            receive(SourceFactory.create(name="Survey", is_active=False))

    @pytest.mark.parametrize(
        ("facts", "code"),
        [
            ({"verbatim": ""}, "blank"),
            ({"verbatim": " \n\t "}, "blank"),
            ({"verbatim": "slow\x00"}, "unstorable_text"),
            ({"verbatim": "\ud83d"}, "unstorable_text"),
            ({"external_id": "\ud83d"}, "unstorable_text"),
            ({"external_id": "R\x00"}, "unstorable_text"),
            ({"payload": {"a": [{"b": "\x00"}]}}, "unstorable_text"),
            ({"content_type": "\x00"}, "unstorable_text"),
        ],
    )
    def test_refuses_what_no_database_takes(
        self, survey: Source, facts: dict[str, Any], code: str
    ) -> None:
        with pytest.raises(errors.Invalid) as refused:
            receive(survey, **facts)
        assert (refused.value.code, refused.value.field) == (code, next(iter(facts)))
        assert (Feedback.objects.count(), events.kinds()) == (0, [])

    @pytest.mark.parametrize(
        "facts",
        [
            {"language": "fr"},
            {"relation": "rival"},
            {"journey_stage": "dream"},
            {"external_id": "7" * 256},
            {"said_at": NOON + timedelta(days=2)},
            {"readings": {"mood": Decimal(1)}},
            {"readings": {"nps": Decimal(11)}},
            {"readings": {"nps": Decimal("NaN")}},
        ],
        ids=str,
    )
    def test_refuses_what_is_not_valid_and_keeps_nothing(
        self, survey: Source, facts: dict[str, Any]
    ) -> None:
        with pytest.raises((ValidationError, errors.Invalid)):
            receive(survey, **facts)
        assert (Feedback.objects.count(), events.kinds()) == (0, [])

    def test_passes_on_what_is_wrong_with_the_database(
        self, survey: Source, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Only the twin of a message is an answer; any other broken rule is a bug and is loud."""

        def break_a_rule(*_rows: Any) -> list[int]:
            raise IntegrityError("another rule")

        monkeypatch.setattr(bulk, "insert_numbered", break_a_rule)
        with pytest.raises(IntegrityError, match="another rule"):
            receive(survey, external_id="R-1")


class TestDedupeKey:
    @given(number=st.text(st.characters(codec="utf-8"), min_size=1))
    def test_is_of_fixed_length(self, number: str) -> None:
        assert repeats.dedupe_key(number) == hashlib.sha256(number.encode()).hexdigest()

    def test_is_none_without_a_number(self) -> None:
        assert repeats.dedupe_key("") is None
