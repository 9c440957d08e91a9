"""Who hears that their words have arrived: customers of sources that acknowledge; nobody else."""

import pytest

from backlog import errors
from backlog.models import Obligation, Source, User
from backlog.operations import feedback, notice_composition, replies
from backlog.operations.customers_in_bulk import CustomerIdentifier
from backlog.operations.feedback import FeedbackData
from tests.factories import NOON
from tests.factories import backlog as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def form() -> Source:
    source: Source = make.SourceFactory.create(kind="form", acknowledges=True)
    return source


def test_a_customer_is_told_at_once_without_anybody_agreeing(form: Source) -> None:
    mira = make.ConsentFactory.create().customer
    incoming = FeedbackData(verbatim="Paying is slow", customer=mira)

    row, _is_new = feedback.receive_feedback(source=form, incoming=incoming, by=None, at=NOON)

    owed = Obligation.objects.get()
    assert (owed.customer, owed.feedback, owed.request, owed.outcome) == (mira, row, None, None)
    assert (owed.status, owed.owed_at, owed.released_at) == ("owed", NOON, NOON)
    assert (owed.event.kind, owed.event.subject_id) == ("feedback.received", row.pk)
    assert notice_composition.compose_notices(by=None, at=NOON) == 1


def test_the_same_words_delivered_twice_are_acknowledged_once(form: Source) -> None:
    incoming = FeedbackData(
        verbatim="Slow", customer=make.CustomerFactory.create(), external_id="7"
    )

    for _ in range(2):
        feedback.receive_feedback(source=form, incoming=incoming, by=None, at=NOON)

    assert Obligation.objects.count() == 1


def test_a_person_known_twice_is_told_as_the_one_they_are(form: Source) -> None:
    mira = make.CustomerFactory.create()
    double = make.CustomerFactory.create(merged_into=mira)
    incoming = FeedbackData(verbatim="Slow", customer=double)

    feedback.receive_feedback(source=form, incoming=incoming, by=None, at=NOON)

    assert Obligation.objects.get().customer == mira


def test_a_colleague_who_files_their_own_idea_is_told_nothing(form: Source, mina: User) -> None:
    incoming = FeedbackData(verbatim="An idea of mine", filed_by=mina)

    feedback.receive_feedback(source=form, incoming=incoming, by=mina, at=NOON)

    assert not Obligation.objects.exists()


def test_other_sources_do_not_acknowledge() -> None:
    incoming = FeedbackData(verbatim="Slow", customer=make.CustomerFactory.create())

    feedback.receive_feedback(
        source=make.SourceFactory.create(), incoming=incoming, by=None, at=NOON
    )

    assert not Obligation.objects.exists()


def test_many_at_once_are_owed_as_one_by_one(form: Source) -> None:
    silent = make.SourceFactory.create()
    messages = [
        (
            source,
            FeedbackData(
                verbatim=f"{n}", identifier=CustomerIdentifier(f"u-{n}", f"u{n}@example.org")
            ),
        )
        for source in (form, silent)
        for n in range(3)
    ]

    feedback.receive_many(messages=messages, by=None, at=NOON)

    assert Obligation.objects.count() == 3
    assert set(Obligation.objects.values_list("feedback__source", flat=True)) == {form.pk}


def test_a_receipt_cannot_be_answered(form: Source) -> None:
    incoming = FeedbackData(verbatim="Slow", customer=make.CustomerFactory.create())
    feedback.receive_feedback(source=form, incoming=incoming, by=None, at=NOON)

    with pytest.raises(errors.NotAnswerable):
        replies.take_answer(
            obligation_id=Obligation.objects.get().pk, verdict="yes", by=None, at=NOON
        )
