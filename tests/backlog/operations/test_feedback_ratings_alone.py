"""A rating without words, whatever its way in: kept and counted, and nothing is owed for it."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client

from backlog import errors
from backlog.intake.rows import Said
from backlog.models import Consent, Customer, Feedback, Obligation, Reading, Source, User
from backlog.operations import evidence, feedback, feedback_in_bulk, import_runs
from backlog.operations.customers_in_bulk import CustomerIdentifier
from backlog.operations.feedback import FeedbackData
from tests.backlog.admin.pages import address
from tests.factories import NOON, backlog

Receive = Callable[[Source, str], None]

RATING = {"nps": Decimal(9)}
WHO = CustomerIdentifier(email="kim@example.com")


def singly(source: Source, words: str) -> None:
    incoming = FeedbackData(verbatim=words, identifier=WHO, readings=RATING)
    feedback.receive_feedback(source=source, incoming=incoming, by=None, at=NOON)


def together(source: Source, words: str) -> None:
    incoming = FeedbackData(verbatim=words, identifier=WHO, readings=RATING)
    (stored,) = feedback.receive_many(messages=[(source, incoming)], by=None, at=NOON)
    assert isinstance(stored, feedback_in_bulk.Stored)


def from_a_file(source: Source, words: str) -> None:
    run = import_runs.start_import(source=source, file_name="a.csv", by=None, at=NOON)
    row = Said(2, words.strip(), WHO.email, "", "", "", None, RATING["nps"], {"nps": "9"})
    manner = import_runs.Manner(rating_kind="nps")
    assert not list(
        import_runs.store_rows(run_id=run.pk, rows=[row], manner=manner, by=None, at=NOON)
    )


@pytest.mark.parametrize("receive", [singly, together, from_a_file])
@pytest.mark.parametrize("words", ["", " \n"])
@pytest.mark.django_db
def test_is_kept_and_nothing_is_owed_for_it(receive: Receive, words: str) -> None:
    receive(backlog.SourceFactory.create(acknowledges=True), words)

    row = Feedback.objects.get()
    assert (row.verbatim, row.said, str(row)) == ("", "NPS 9", "NPS 9")
    assert Reading.objects.get().value == 9
    assert row.customer == Customer.objects.get()
    assert not Consent.objects.exists()
    assert not Obligation.objects.exists()
    assert not Feedback.objects.unlinked().exists()


@pytest.mark.django_db
def test_only_what_is_new_is_acknowledged() -> None:
    source = backlog.SourceFactory.create(acknowledges=True)
    message = source, FeedbackData(verbatim="Slow", external_id="7", identifier=WHO)
    feedback.receive_many(messages=[message], by=None, at=NOON)

    (again,) = feedback.receive_many(messages=[message], by=None, at=NOON)

    assert isinstance(again, feedback_in_bulk.Stored)
    assert not again.is_new
    assert Obligation.objects.count() == 1


@pytest.mark.django_db
def test_speaks_for_no_request(mina: User) -> None:
    singly(backlog.SourceFactory.create(), "")

    with pytest.raises(errors.NoWords):
        evidence.link_evidence(
            request_id=backlog.RequestFactory.create().pk,
            feedback_id=Feedback.objects.get().pk,
            by=mina,
            at=NOON,
        )


@pytest.mark.django_db
def test_neither_words_nor_rating_is_refused() -> None:
    with pytest.raises(errors.Invalid) as refused:
        feedback.receive_feedback(
            source=backlog.SourceFactory.create(), incoming=FeedbackData(), by=None, at=NOON
        )

    assert (refused.value.field, refused.value.code) == ("verbatim", "blank")


class TestPages:
    def test_show_the_rating_where_there_are_no_words(self, as_mina: Client) -> None:
        singly(backlog.SourceFactory.create(), "")

        listed = as_mina.get(address(Feedback, "changelist")).content.decode()
        inbox = as_mina.get(address(Feedback, "changelist"), {"linked": "no"}).content.decode()
        shown = as_mina.get(address(Feedback, "change", Feedback.objects.get().pk))

        assert "NPS 9" in listed
        assert "NPS 9" not in inbox
        assert "NPS" in shown.content.decode()
